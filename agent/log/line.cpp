#include "log/line.hpp"

#include <array>
#include <cstdio>

#include "base/units.hpp"
#include "base/utf8.hpp"

namespace certpivot {

namespace {

struct Level {
  std::string_view name;
  std::string_view padded;
  std::string_view prefix;
};
constexpr std::array<Level, 5> levels{{{"debug", "debug   ", "<7>"},
                                       {"info", "info    ", "<6>"},
                                       {"notice", "notice  ", "<5>"},
                                       {"warning", "warning ", "<4>"},
                                       {"error", "error   ", "<3>"}}};

Level const& facts_of(LogLevel level) { return levels.at(static_cast<std::size_t>(level)); }

bool is_control(unsigned char byte) { return byte < 0x20 || byte == 0x7F; }

void append_code(std::string& to, char const* form, unsigned char byte) {
  std::array<char, 8> code{};
  (void)std::snprintf(code.data(), code.size(), form, byte);
  to += code.data();
}

/// `quotes` are escaped where the value stands in them. Terminals take U+0080 to U+009F for control
/// characters too: C2 80 to C2 9F in UTF-8.
void append_text(std::string& to, std::string_view raw, bool quotes) {
  std::string const text = valid_utf8(raw);
  for (std::size_t place = 0; place < text.size(); ++place) {
    auto const byte = static_cast<unsigned char>(text[place]);
    if (byte == '\n') {
      to += "\\n";
    } else if (byte == '\t') {
      to += "\\t";
    } else if (byte == '\\') {
      to += "\\\\";
    } else if (byte == '"' && quotes) {
      to += "\\\"";
    } else if (is_control(byte)) {
      append_code(to, "\\x%02x", byte);
    } else if (byte == 0xC2 && static_cast<unsigned char>(text[place + 1]) < 0xA0) {
      append_code(to, "\\x%02x", static_cast<unsigned char>(text[++place]));
    } else {
      to += text[place];
    }
  }
}

void append_value(std::string& to, std::string_view value) {
  bool const quotes = value.empty() || value.find_first_of(" \"=") != std::string_view::npos;
  if (quotes) to += '"';
  append_text(to, value, quotes);
  if (quotes) to += '"';
}

/// A string of RFC 8259, section 7.
void append_json(std::string& to, std::string_view raw) {
  to += '"';
  for (char const character : valid_utf8(raw)) {
    auto const byte = static_cast<unsigned char>(character);
    if (byte == '"' || byte == '\\') {
      to += '\\';
      to += character;
    } else if (byte == '\n') {
      to += "\\n";
    } else if (is_control(byte)) {
      append_code(to, "\\u%04x", byte);
    } else {
      to += character;
    }
  }
  to += '"';
}

void append_name(std::string& to, std::string_view member) {
  to += to.empty() ? '{' : ',';
  append_json(to, member);
  to += ':';
}

void append_member(std::string& to, std::string_view member, std::string_view value) {
  append_name(to, member);
  append_json(to, value);
}

void append_number(std::string& to, std::string_view member, std::string_view digits) {
  append_name(to, member);
  to += digits;
}

}  // namespace

std::string text_line(LogLine const& line) {
  std::string text;
  if (line.time != nullptr) text += to_rfc3339(*line.time) + ' ';
  text += facts_of(line.level).padded;
  if (!line.subject.empty()) {
    append_text(text, line.subject, false);
    text += ": ";
  }
  append_text(text, line.sentence, false);
  for (auto const& [key, value] : line.fields) {
    text += ' ';
    append_text(text, key, false);
    text += '=';
    append_value(text, value.text);
  }
  return text;
}

std::string json_line(LogLine const& line) {
  std::string text;
  if (line.time != nullptr) append_member(text, "time", to_rfc3339(*line.time));
  append_member(text, "level", facts_of(line.level).name);
  if (!line.subject.empty()) append_member(text, "certificate", line.subject);
  append_member(text, "message", line.sentence);
  for (auto const& [key, value] : line.fields) {
    if (value.number)
      append_number(text, key, value.text);
    else
      append_member(text, key, value.text);
  }
  return text + '}';
}

std::string_view journal_prefix(LogLevel level) { return facts_of(level).prefix; }

}  // namespace certpivot
