#include <algorithm>
#include <sys/stat.h>
#include <unistd.h>

#include "process/child.hpp"

namespace certpivot::process {

Result<void> check_program(std::string const& path) {
  if (path.empty()) return fail("there is no program to start", {}, {}, "give its absolute path");
  if (path.front() != '/') {
    return fail("cannot start", path, "its path is not absolute", "write the whole path");
  }
  struct ::stat facts {};
  if (::stat(path.c_str(), &facts) != 0) {
    return fail_errno("cannot start", path, "install it or correct the path");
  }
  if (!S_ISREG(facts.st_mode)) {
    return fail("cannot start", path, "it is not a regular file", "name a program");
  }
  if (::access(path.c_str(), X_OK) != 0) {
    return fail_errno("cannot start", path,
                      "make it executable (chmod +x), and not on a noexec mount");
  }
  return {};
}

Result<void> check_words(Command const& command) {
  if (command.words.empty()) {
    return fail("there is no program to start", {}, "the command is empty",
                "give its absolute path");
  }
  auto const holds_null = [](std::string const& text) {
    return text.find('\0') != std::string::npos;
  };
  auto held = std::any_of(command.words.begin(), command.words.end(), holds_null);
  for (auto const& [name, value] : command.environment)
    held |= holds_null(name) || holds_null(value);
  if (held) {
    return fail("cannot start", command.words.front(),
                "a NUL byte stands in its arguments or its environment", "take it out");
  }
  return check_program(command.words.front());
}

}  // namespace certpivot::process
