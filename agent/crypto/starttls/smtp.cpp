#include <algorithm>

#include "base/ascii.hpp"
#include "crypto/starttls/dialect.hpp"

namespace certpivot::crypto::starttls {

namespace {

bool is_reply_line(std::string_view line) {
  return line.size() >= 3 && std::all_of(line.begin(), line.begin() + 3, is_digit) &&
         (line.size() == 3 || line[3] == ' ' || line[3] == '-');
}

bool offers_starttls(std::string_view line) {
  constexpr std::string_view keyword = "STARTTLS";
  if (line.size() != 4 + keyword.size()) return false;
  return std::equal(keyword.begin(), keyword.end(), line.begin() + 4,
                    [](char wanted, char letter) { return wanted == (letter & ~0x20); });
}

/// One reply, of several lines where each but the last has a hyphen behind its code (RFC 5321,
/// section 4.2.1).
struct Reply {
  Heard heard = {};
  bool offered = false;  ///< a line of it is the keyword STARTTLS
};

Reply reply_of_smtp(std::string_view received) {
  Reply reply;
  for (std::size_t begin = 0;;) {
    Line const line = first_line(received.substr(begin));
    if (line.size == 0) return {};
    if (!is_reply_line(line.text)) return {no_such_protocol("SMTP")};
    begin += line.size;
    reply.offered = reply.offered || offers_starttls(line.text);
    if (line.text.size() > 3 && line.text[3] == '-') continue;
    reply.heard = line.text.front() == '2' ? Heard{begin, {}} : refused(line.text);
    return reply;
  }
}

Heard good_reply_of_smtp(std::string_view received) { return reply_of_smtp(received).heard; }

Heard offer_of_smtp(std::string_view received) {
  Reply const reply = reply_of_smtp(received);
  bool const whole = reply.heard.size > 0;
  return whole && !reply.offered ? refused("it does not offer STARTTLS") : reply.heard;
}

}  // namespace

Dialect smtp() {
  return {{"", good_reply_of_smtp},
          {"EHLO certpivot.invalid\r\n", offer_of_smtp},
          {"STARTTLS\r\n", good_reply_of_smtp}};
}

}  // namespace certpivot::crypto::starttls
