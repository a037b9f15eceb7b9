#include "base/whole_file.hpp"

#include <sys/stat.h>
#include <unistd.h>

namespace certpivot {

Result<Secret> read_whole(UniqueFd const& file, std::size_t largest, std::string const& what,
                          std::string const& where) {
  struct ::stat facts {};
  if (::fstat(file.get(), &facts) != 0) return fail_errno(what, where);
  if (!S_ISREG(facts.st_mode)) return fail(what, where, "it is no regular file");
  auto const size = static_cast<std::size_t>(facts.st_size);
  if (size > largest)
    return fail(what, where, "it is larger than " + std::to_string(largest) + " bytes");
  Secret bytes(size);
  std::size_t filled = 0;
  while (filled < bytes.size()) {
    auto const rest = bytes.bytes().subspan(filled);
    ::ssize_t const count = ::read(file.get(), rest.data(), rest.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail_errno(what, where);
    if (count == 0) return fail(what, where, "it became shorter meanwhile");
    filled += static_cast<std::size_t>(count);
  }
  return bytes;
}

}  // namespace certpivot
