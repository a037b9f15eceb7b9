#include <cstring>

#include "base/private_key_text.hpp"
#include "base/units.hpp"
#include "process/child.hpp"

namespace certpivot::process {

namespace {

std::string signal_text(int signal) {
  auto const* short_name = ::sigabbrev_np(signal);
  auto const number = std::to_string(signal);
  return short_name == nullptr ? number : number + " (" + short_name + ")";
}

/// Control characters as \xNN, so that no output can forge a line or steer a terminal.
std::string printable(std::string_view line) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (auto const character : line) {
    auto const byte = static_cast<unsigned char>(character);
    if (byte >= 0x20 && byte != 0x7f) {
      text += character;
    } else {
      text += "\\x";
      text += digits[byte >> 4U];
      text += digits[byte & 0xfU];
    }
  }
  return text;
}

/// The last `most` characters; a UTF-8 sequence that the cut would split is left out.
std::string tail(std::string const& text, std::size_t most) {
  if (text.size() <= most) return text;
  auto from = text.size() - most;
  while (from < text.size() && (static_cast<unsigned char>(text[from]) & 0xc0U) == 0x80U) ++from;
  return text.substr(from);
}

std::string_view trimmed(std::string_view line) {
  constexpr std::string_view blank = " \t\r";
  auto const first = line.find_first_not_of(blank);
  if (first == std::string_view::npos) return {};
  return line.substr(first, line.find_last_not_of(blank) - first + 1);
}

}  // namespace

std::string Outcome::sentence(Duration timeout) const {
  if (timed_out) return "did not end within " + to_text(timeout) + " and was killed";
  if (signal != 0) return "was ended by signal " + signal_text(signal);
  return "exited with " + std::to_string(exit_code);
}

std::string last_words(std::string_view output, std::size_t most) {
  constexpr std::string_view between = " | ";
  std::string const without_keys = without_private_keys(output);
  std::string_view rest = without_keys;
  std::string words;
  while (!rest.empty()) {
    auto const break_at = rest.find_last_of('\n');
    auto const line = break_at == std::string_view::npos ? rest : rest.substr(break_at + 1);
    rest = rest.substr(0, break_at == std::string_view::npos ? 0 : break_at);
    auto const text = printable(trimmed(line));
    if (text.empty()) continue;
    if (words.empty()) {
      words = tail(text, most);
    } else if (text.size() + between.size() + words.size() <= most) {
      words.insert(0, text + std::string(between));
    } else {
      break;
    }
  }
  return words;
}

}  // namespace certpivot::process
