#include "plugins/haproxy/answers.hpp"

#include <algorithm>
#include <charconv>

#include "base/words.hpp"
#include "process/child.hpp"

namespace certpivot::plugins {

namespace {

/// Takes the next line off `text`, without its end.
std::string_view take_line(std::string_view& text) {
  auto const line = first_line(text);
  text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
  return line;
}

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

/// "/a/ca.crt - 2 certificate(s)" is the form of `show ssl ca-file`.
std::string_view without_count(std::string_view line) {
  if (!line.ends_with(" certificate(s)")) return line;
  return line.substr(0, line.rfind(" - "));
}

/// How many dots stand behind "Committing NAME", one for each TLS instance that was updated.
std::size_t updated_instances(std::string_view answer, std::string_view name) {
  auto const start = "Committing " + std::string(name);
  auto const at = answer.find(start);
  if (at == std::string_view::npos) return 0;
  answer.remove_prefix(at + start.size());
  return std::min(answer.find_first_not_of('.'), answer.size());
}

template <class Number>
std::optional<Number> number_at(std::string_view text) {
  Number number = 0;
  auto const [rest, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc() || rest == text.data()) return std::nullopt;
  return number;
}

std::string lower(std::string_view text) {
  std::string all(text);
  for (auto& one : all)
    if (one >= 'A' && one <= 'F') one = static_cast<char>(one - 'A' + 'a');
  return all;
}

}  // namespace

Result<LoadedFiles> parse_loaded_files(std::string_view answer) {
  if (!has(answer, "# filename"))
    return fail("haproxy does not list what it has loaded", {}, process::last_words(answer));
  LoadedFiles loaded;
  while (!answer.empty()) {
    auto const line = take_line(answer);
    if (line.empty() || line.front() == '#') continue;
    if (line.front() == '*')
      loaded.transaction = line.substr(1);
    else
      loaded.names.emplace_back(without_count(line));
  }
  return loaded;
}

bool is_locked(std::string_view answer) {
  return has(answer, "Operations on certificates are currently locked!");
}

std::vector<std::string> parse_fingerprints(std::string_view answer) {
  constexpr std::string_view start = "SHA1 FingerPrint: ";
  std::vector<std::string> all;
  while (!answer.empty()) {
    auto const line = take_line(answer);
    if (line.starts_with(start)) all.push_back(lower(line.substr(start.size())));
  }
  return all;
}

Replacement parse_replacement(std::string_view answer, std::string_view name) {
  Replacement replacement{Replaced::unheard, process::last_words(answer)};
  auto const created =
      has(answer, "Transaction created for certificate " + std::string(name) + "!");
  if (is_locked(answer) || has(answer, "ongoing transaction is about") ||
      has(answer, "Transaction updated"))
    replacement.outcome = Replaced::mixed;
  else if (has(answer, "Can't load the payload") ||
           (created && (has(answer, "Can't commit") || has(answer, "Failed!"))))
    replacement.outcome = Replaced::refused;
  else if (created && has(answer, "Success!"))
    replacement.outcome = updated_instances(answer, name) > 0 ? Replaced::yes : Replaced::nowhere;
  return replacement;
}

std::optional<Processes> parse_processes(std::string_view answer) {
  constexpr std::string_view failed = "[failed: ";
  Processes processes;
  auto has_master = false;
  auto in_charge = false;
  while (!answer.empty()) {
    auto const line = take_line(answer);
    if (line.starts_with('#')) {
      in_charge = line == "# workers";
      continue;
    }
    auto const pid = number_at<::pid_t>(line);
    if (pid && in_charge) processes.workers.insert(*pid);
    if (!pid || !has(line, " master ")) continue;
    has_master = true;
    if (auto const at = line.find(failed); at != std::string_view::npos)
      processes.failed = number_at<unsigned>(line.substr(at + failed.size())).value_or(0);
  }
  if (!has_master) return std::nullopt;
  return processes;
}

std::optional<bool> parse_reload(std::string_view answer) {
  if (answer.starts_with("Success=")) return answer.starts_with("Success=1");
  return std::nullopt;
}

std::string first_alert(std::string_view output) {
  if (auto const at = output.find("[ALERT]"); at != std::string_view::npos)
    output = first_line(output.substr(at));
  return process::last_words(output);
}

}  // namespace certpivot::plugins
