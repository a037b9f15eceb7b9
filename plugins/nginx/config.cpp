#include "plugins/nginx/config.hpp"

#include <vector>

#include "process/child.hpp"

namespace certpivot::plugins {

namespace {

constexpr std::string_view file_marker = "# configuration file ";
constexpr std::string_view blank = " \t\r\n";

/// Takes the next token off `text`: a word, or one of ; { }. Comments are skipped, and quotes count
/// where a word begins, as in nginx. Empty at the end.
std::string next_token(std::string_view& text) {
  while (true) {
    text.remove_prefix(std::min(text.find_first_not_of(blank), text.size()));
    if (text.empty() || text.front() != '#') break;
    text.remove_prefix(std::min(text.find('\n'), text.size()));
  }
  if (text.empty()) return {};
  auto const first = text.front();
  std::size_t end = 1;
  if (first == '"' || first == '\'') {
    while (end < text.size() && text[end] != first) end += text[end] == '\\' ? 2 : 1;
    std::string word(text.substr(1, std::min(end, text.size()) - 1));
    text.remove_prefix(std::min(end + 1, text.size()));
    return word;
  }
  if (first != ';' && first != '{' && first != '}') {
    end = std::min(text.find_first_of(" \t\r\n;{", 1), text.size());
  }
  std::string word(text.substr(0, end));
  text.remove_prefix(end);
  return word;
}

/// The dump without the messages before it.
std::string_view all_files(std::string_view dump) {
  auto const from = dump.find(file_marker);
  return from == std::string_view::npos ? std::string_view() : dump.substr(from);
}

std::string_view first_file(std::string_view dump) {
  auto const files = all_files(dump);
  return files.substr(0, files.find("\n" + std::string(file_marker)));
}

/// The value of a --name=value of `nginx -V`.
std::string build_option(std::string_view build, std::string_view name, std::string otherwise) {
  auto const key = "--" + std::string(name) + "=";
  auto const at = build.find(key);
  if (at == std::string_view::npos) return otherwise;
  build.remove_prefix(at + key.size());
  return std::string(build.substr(0, build.find_first_of(" \t\r\n'\"")));
}

std::string below(std::string const& prefix, std::string const& path) {
  return path.empty() || path.front() == '/' ? path : prefix + "/" + path;
}

bool is_file(std::string_view log) {
  return log != "stderr" && log.rfind("syslog:", 0) != 0 && log.rfind("memory:", 0) != 0;
}

}  // namespace

std::optional<std::string> main_directive(std::string_view dump, std::string_view name) {
  auto text = all_files(dump);
  auto depth = 0;
  std::vector<std::string> words;
  for (auto token = next_token(text); !token.empty() || !text.empty(); token = next_token(text)) {
    if (token == "{") ++depth;
    if (token == "}") --depth;
    if (token != ";" && token != "{" && token != "}") {
      words.push_back(std::move(token));
      continue;
    }
    if (token == ";" && depth == 0 && words.size() > 1 && words.front() == name) return words[1];
    words.clear();
  }
  return std::nullopt;
}

NginxPaths nginx_paths(std::string_view dump, std::string_view build) {
  auto const prefix = build_option(build, "prefix", "/usr/local/nginx");
  auto const pidfile = main_directive(dump, "pid");
  auto const log = main_directive(first_file(dump), "error_log");
  NginxPaths paths;
  paths.pidfile =
      below(prefix, pidfile ? *pidfile : build_option(build, "pid-path", "logs/nginx.pid"));
  auto const error_log = log ? *log : build_option(build, "error-log-path", "logs/error.log");
  if (is_file(error_log)) paths.error_log = below(prefix, error_log);
  return paths;
}

std::optional<std::string> emergency_line(std::string_view text, std::string_view from) {
  auto const wanted = "[emerg]" + std::string(from);
  auto const at = text.find(wanted);
  if (at == std::string_view::npos) return std::nullopt;
  text.remove_prefix(at);
  return process::last_words(text.substr(0, text.find('\n')));
}

}  // namespace certpivot::plugins
