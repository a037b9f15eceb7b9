#include "support/starttls_script.hpp"

#include <algorithm>
#include <stdexcept>
#include <string_view>
#include <sys/socket.h>

namespace certpivot::testing {
namespace {

template <std::size_t size>
std::string bytes(char const (&literal)[size]) {
  return {literal, size - 1};
}

// As MySQL 8 greets: protocol 10, version, connection, data, and capabilities with CLIENT_SSL.
std::string mysql_greeting() {
  std::string const payload = bytes(
      "\x0a"
      "8.0.36\0"
      "\x07\0\0\0"
      "abcdefgh\0"
      "\xff\xff\xff\x02\0\xff\xdf\x15\0\0\0\0\0\0\0\0\0\0"
      "ijklmnopqrst\0"
      "caching_sha2_password\0");
  return std::string{static_cast<char>(payload.size()), '\0', '\0', '\0'} + payload;
}

}  // namespace

std::vector<Exchange> consent_of(std::string const& protocol) {
  if (protocol == "postgres") return {{bytes("\0\0\0\x08\x04\xd2\x16\x2f"), "S"}};
  if (protocol == "smtp")
    return {{"", "220-mail.internal ESMTP\r\n220 at your service\r\n"},
            {"EHLO certpivot.invalid\r\n",
             "250-mail.internal\r\n250-PIPELINING\r\n250-STARTTLS\r\n250 8BITMIME\r\n"},
            {"STARTTLS\r\n", "220 2.0.0 Ready to start TLS\r\n"}};
  if (protocol == "imap")
    return {{"", "* OK [CAPABILITY IMAP4rev1 STARTTLS] ready\r\n"},
            {"a STARTTLS\r\n", "* CAPABILITY IMAP4rev1\r\na OK Begin TLS negotiation now.\r\n"}};
  if (protocol == "ldap")
    return {{bytes("\x30\x1d\x02\x01\x01\x77\x18\x80\x16") + "1.3.6.1.4.1.1466.20037",
             bytes("\x30\x0c\x02\x01\x01\x78\x07\x0a\x01\0\x04\0\x04\0")}};
  if (protocol == "mysql")
    return {{"", mysql_greeting()},
            {bytes("\x20\0\0\x01\0\x8a\0\0\0\0\0\x01\x2d") + std::string(23, '\0'), ""}};
  throw std::invalid_argument("no script for " + protocol);
}

bool speak(int connection, std::vector<Exchange> const& script) {
  for (Exchange const& turn : script) {
    std::string heard(turn.hears.size(), '\0');
    auto const count =
        heard.empty() ? 0 : ::recv(connection, heard.data(), heard.size(), MSG_WAITALL);
    if (count != static_cast<::ssize_t>(heard.size()) || heard != turn.hears) return false;
    if (!turn.says.empty()) ::send(connection, turn.says.data(), turn.says.size(), MSG_NOSIGNAL);
  }
  return true;
}

}  // namespace certpivot::testing
