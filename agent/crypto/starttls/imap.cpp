#include "crypto/starttls/dialect.hpp"

namespace certpivot::crypto::starttls {

namespace {

Heard greeting_of_imap(std::string_view received) {
  Line const line = first_line(received);
  if (line.size == 0) return {};
  if (line.text.starts_with("* OK")) return {line.size, {}};
  // BYE, or PREAUTH, after which there is no STARTTLS.
  return line.text.starts_with("* ") ? refused(line.text) : no_such_protocol("IMAP");
}

// The server may say something of its own, in untagged lines, before it answers.
Heard consent_of_imap(std::string_view received) {
  for (std::size_t begin = 0;;) {
    Line const line = first_line(received.substr(begin));
    if (line.size == 0) return {};
    begin += line.size;
    if (line.text.starts_with("* ")) continue;
    if (line.text.starts_with("a OK")) return {begin, {}};
    return line.text.starts_with("a ") ? refused(line.text.substr(2)) : no_such_protocol("IMAP");
  }
}

}  // namespace

Dialect imap() { return {{"", greeting_of_imap}, {"a STARTTLS\r\n", consent_of_imap}}; }

}  // namespace certpivot::crypto::starttls
