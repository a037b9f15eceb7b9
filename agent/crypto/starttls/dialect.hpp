#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// How each protocol asks for TLS.
namespace certpivot::crypto::starttls {

/// What the bytes received so far amount to: a whole answer of `size` bytes, a refusal, or, where
/// both are empty, the beginning of something.
struct Heard {
  std::size_t size = 0;
  std::string why = {};  ///< the server's refusal, in words
};

/// One turn of the conversation.
struct Turn {
  std::string say = {};                                ///< empty where the server speaks first
  Heard (*hear)(std::string_view received) = nullptr;  ///< null: no answer comes
};
using Dialect = std::vector<Turn>;

/// PostgreSQL's SSLRequest (Frontend/Backend Protocol, 55.7 Message Formats).
[[nodiscard]] Dialect postgres();
/// EHLO and STARTTLS (RFC 3207).
[[nodiscard]] Dialect smtp();
/// STARTTLS (RFC 9051, section 6.2.1).
[[nodiscard]] Dialect imap();
/// The extended request StartTLS (RFC 4511, section 4.14).
[[nodiscard]] Dialect ldap();
/// The SSL request packet that follows the server's greeting (MySQL Client/Server Protocol).
[[nodiscard]] Dialect mysql();

/// A refusal because somebody else answers there.
[[nodiscard]] Heard no_such_protocol(std::string_view protocol);
/// A refusal with the server's own words, cut after a line and made printable.
[[nodiscard]] Heard refused(std::string_view words);

/// The first line of a text without its end (CRLF, or LF alone).
struct Line {
  std::string_view text = {};
  std::size_t size = 0;  ///< with the end; 0 where it has not ended yet
};
[[nodiscard]] Line first_line(std::string_view received);

}  // namespace certpivot::crypto::starttls
