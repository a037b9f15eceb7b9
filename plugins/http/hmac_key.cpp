#include "plugins/http/hmac_key.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include "base/unique_fd.hpp"
#include "base/units.hpp"
#include "base/whole_file.hpp"
#include "base/words.hpp"

namespace certpivot::plugins {

namespace {

constexpr auto unreadable = "cannot read the key for signatures";
constexpr std::size_t largest_key_file = 4096;

}  // namespace

Result<Secret> read_hmac_key(std::string const& path) {
  UniqueFd const file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  if (!file.valid())
    return fail_errno(unreadable, path, "let certpivot's user read it, or correct hmac_file");
  struct ::stat facts {};
  if (::fstat(file.get(), &facts) != 0) return fail_errno(unreadable, path);
  Mode const mode{facts.st_mode & 07777U};
  if ((mode.bits & 07U) != 0)
    return fail("will not use the key for signatures", path,
                "its mode " + to_text(mode) + " lets everybody in", "chmod o-rwx");
  auto text = read_whole(file, largest_key_file, unreadable, path);
  if (!text) return text;
  text->truncate(first_line(text->view()).size());
  if (text->empty())
    return fail(unreadable, path, "its first line is empty", "write the key as its first line");
  return text;
}

}  // namespace certpivot::plugins
