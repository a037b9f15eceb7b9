#include <cerrno>
#include <unistd.h>

#include "publish/names.hpp"
#include "publish/steps.hpp"

namespace certpivot::publish {

Result<void> note_debt(Opened const& opened, bool owed) {
  int const root = opened.root.get();
  std::string const where = opened.below(owed_name);
  if (!owed) {
    if (::unlinkat(root, owed_name, 0) == 0 || errno == ENOENT) return {};
    return write_failure("cannot remove", where, opened.path);
  }
  if (::symlinkat(current_name, root, owed_name) == 0 || errno == EEXIST) return {};
  return write_failure("cannot make the link", where, opened.path);
}

}  // namespace certpivot::publish
