#include "settings/document.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/unique_fd.hpp"

namespace certpivot::settings {

namespace {

/// toml++ takes tables apart by recursion, as deep as a key has dots: 50,000 of them end the
/// process.
constexpr std::ptrdiff_t most_dots = 1000;

/// Up to `limit` bytes of a file, or the errno value that kept them from being read.
int read_some(int fd, std::string& text, std::size_t limit) {
  text.resize(limit);
  std::size_t have = 0;
  while (have < limit) {
    ::ssize_t const got = ::read(fd, text.data() + have, limit - have);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return errno;
    if (got == 0) break;
    have += static_cast<std::size_t>(got);
  }
  text.resize(have);
  return 0;
}

bool too_deep(std::string const& text, std::string const& path, Report& report) {
  unsigned line = 1;
  for (std::size_t start = 0; start < text.size(); ++line) {
    std::size_t const end = std::min(text.find('\n', start), text.size());
    auto const first = text.begin() + static_cast<std::ptrdiff_t>(start);
    if (std::count(first, text.begin() + static_cast<std::ptrdiff_t>(end), '.') > most_dots) {
      report.complain({path, line, 1}, "more than " + std::to_string(most_dots) +
                                           " dots in one line; break it into several");
      return true;
    }
    start = end + 1;
  }
  return false;
}

}  // namespace

std::optional<std::string> load(std::string const& path, Report& report) {
  auto const refuse = [&](std::string const& why) {
    report.complain({path, 0, 0}, "cannot read the configuration: " + why);
    return std::nullopt;
  };
  // Opened without waiting: a FIFO would keep us for ever.
  UniqueFd const file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.valid()) return refuse(system_text(errno));
  struct ::stat facts {};
  if (::fstat(file.get(), &facts) != 0) return refuse(system_text(errno));
  if (S_ISDIR(facts.st_mode)) return refuse(system_text(EISDIR));
  if (!S_ISREG(facts.st_mode)) return refuse("it is no regular file");
  std::string text;
  if (int const cause = read_some(file.get(), text, largest_file + 1); cause != 0)
    return refuse(system_text(cause));
  if (text.size() > largest_file) return refuse("it is larger than 1 MiB");
  return text;
}

std::optional<toml::table> parse(std::string const& text, std::string const& path, Report& report) {
  if (too_deep(text, path, report)) return std::nullopt;
  try {
    return toml::parse(std::string_view(text), std::string_view(path));
  } catch (toml::parse_error const& error) {
    auto const& begin = error.source().begin;
    report.complain({path, begin.line, begin.column}, std::string(error.description()));
    return std::nullopt;
  }
}

}  // namespace certpivot::settings
