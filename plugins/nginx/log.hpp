#pragma once

#include <optional>
#include <string>
#include <sys/types.h>

#include "base/unique_fd.hpp"

namespace certpivot::plugins {

/// What is appended to nginx's error log from now on: the only place where a master tells that it
/// did not take a new configuration.
class NginxLog {
 public:
  /// Without a path, or where it is not a readable regular file, nothing is ever told.
  NginxLog(std::string const& path, ::pid_t master);

  /// The first [emerg] line that the master has written by now. Lines of other processes do not
  /// count: somebody else's `nginx -t` writes to the same log.
  [[nodiscard]] std::optional<std::string> emergency();

  [[nodiscard]] bool readable() const { return file_.valid(); }

 private:
  UniqueFd file_ = {};
  ::off_t offset_ = 0;
  std::string from_;         ///< how the master's lines go on behind [emerg]
  std::string unread_ = {};  ///< what was appended, and not judged as a whole line yet
};

}  // namespace certpivot::plugins
