#include "crypto/starttls/dialect.hpp"

#include <algorithm>

namespace certpivot::crypto::starttls {

Heard no_such_protocol(std::string_view protocol) {
  return {0, "what answers there does not speak " + std::string(protocol)};
}

Heard refused(std::string_view words) {
  constexpr std::size_t enough = 160;
  std::string printable(words.substr(0, enough));
  std::replace_if(
      printable.begin(), printable.end(), [](char letter) { return letter < ' ' || letter > '~'; },
      '?');
  return {0, "the server refuses TLS" + (printable.empty() ? "" : ": " + printable)};
}

Line first_line(std::string_view received) {
  auto const end = received.find('\n');
  if (end == std::string_view::npos) return {received, 0};
  bool const carriage_return = end > 0 && received[end - 1] == '\r';
  return {received.substr(0, carriage_return ? end - 1 : end), end + 1};
}

}  // namespace certpivot::crypto::starttls
