#include "plugins/nginx/log.hpp"

#include <array>
#include <fcntl.h>
#include <sys/stat.h>

#include "plugins/nginx/config.hpp"

namespace certpivot::plugins {

NginxLog::NginxLog(std::string const& path, ::pid_t master)
    : from_(" " + std::to_string(master) + "#") {
  if (path.empty()) return;
  UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct ::stat facts {};
  if (!file.valid() || ::fstat(file.get(), &facts) != 0 || !S_ISREG(facts.st_mode)) return;
  offset_ = facts.st_size;
  file_ = std::move(file);
}

std::optional<std::string> NginxLog::emergency() {
  std::array<char, 16384> piece{};
  while (file_.valid()) {
    auto const size = ::pread(file_.get(), piece.data(), piece.size(), offset_);
    if (size <= 0) break;
    offset_ += size;
    unread_.append(piece.data(), static_cast<std::size_t>(size));
    auto const whole = unread_.find_last_of('\n') + 1;  // npos + 1 is 0: no whole line yet
    if (auto line = emergency_line(std::string_view(unread_).substr(0, whole), from_)) return line;
    unread_.erase(0, whole);
  }
  return std::nullopt;
}

}  // namespace certpivot::plugins
