#pragma once

#include <string>
#include <utility>
#include <vector>

namespace certpivot::process {

/// What a program that we start finds in its environment, as execve(2) wants it: PATH, LANG, TZ and
/// HOME of the daemon where they are set, and `added`, which wins. Nothing else of the daemon's
/// passes: a hook must not depend on how the daemon was started, nor see credentials that were
/// handed to it.
class Environment {
 public:
  explicit Environment(std::vector<std::pair<std::string, std::string>> const& added);

  /// Valid as long as this object; ends with a null pointer.
  [[nodiscard]] char const* const* data() const { return pointers_.data(); }

 private:
  std::vector<std::string> lines_ = {};
  std::vector<char const*> pointers_ = {};
};

}  // namespace certpivot::process
