#include "publish/lock.hpp"

#include "base/file_lock.hpp"
#include "publish/steps.hpp"

namespace certpivot::publish {

Result<UniqueFd> lock_directory(std::string const& path, Duration patience) {
  if (auto made = make_root(path); !made) return fail(made.error());
  auto root = open_root(path);
  if (!root) return root;
  int const cause = lock_within(root->get(), patience);
  if (cause != EWOULDBLOCK) return root;
  return fail("cannot use the publish directory", path,
              "another certpivot that runs now has been publishing there all the time",
              "find out what keeps it, or wait longer with --timeout");
}

}  // namespace certpivot::publish
