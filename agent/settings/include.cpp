#include "settings/include.hpp"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <glob.h>
#include <set>
#include <system_error>

#include "base/on_exit.hpp"
#include "settings/quote.hpp"

namespace certpivot::settings {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view wildcards = "*?[";

/// The directory stands for itself, whatever letters are in it.
std::string without_wildcards(std::string const& path) {
  std::string escaped_path;
  for (char const letter : path) {
    if (letter == '\\' || wildcards.find(letter) != std::string_view::npos) escaped_path += '\\';
    escaped_path += letter;
  }
  return escaped_path;
}

/// A directory that isn't there holds no files; any other failure ends the search.
int unless_missing(char const* /*path*/, int cause) {
  return cause == ENOENT || cause == ENOTDIR ? 0 : 1;
}

bool is_same(std::string const& left, std::string const& right) {
  std::error_code error;
  return fs::equivalent(left, right, error);
}

}  // namespace

std::vector<std::string> included(std::vector<std::string> const& patterns,
                                  std::string const& main_file, Place const& place,
                                  Report& report) {
  std::set<std::string> files;
  std::string const directory = fs::path(main_file).parent_path().string();
  for (std::string const& pattern : patterns) {
    std::string const whole = pattern.starts_with('/') || directory.empty()
                                  ? pattern
                                  : (fs::path(without_wildcards(directory)) / pattern).string();
    ::glob_t found{};
    int const outcome = ::glob(whole.c_str(), GLOB_NOSORT, unless_missing, &found);
    OnExit const freed([&found] { ::globfree(&found); });
    if (outcome == GLOB_NOMATCH) {
      if (pattern.find_first_of(wildcards) == std::string::npos)
        report.complain(place,
                        "'agent.include' names a file that is not there: " + in_quotes(pattern));
      continue;
    }
    if (outcome != 0) {
      report.complain(place, "'agent.include' can't look for " + in_quotes(pattern) +
                                 ": a directory in it can't be read");
      continue;
    }
    for (std::size_t i = 0; i < found.gl_pathc; ++i)
      if (!is_same(found.gl_pathv[i], main_file)) files.emplace(found.gl_pathv[i]);
  }
  return {files.begin(), files.end()};
}

}  // namespace certpivot::settings
