#include "crypto/der.hpp"
#include "crypto/starttls/dialect.hpp"

namespace certpivot::crypto::starttls {

namespace {

// Tags of RFC 4511, appendix B.
constexpr unsigned char integer = 0x02;
constexpr unsigned char sequence = 0x30;
constexpr unsigned char enumerated = 0x0a;
constexpr unsigned char octet_string = 0x04;
constexpr unsigned char extended_response = 0x78;

/// Takes the first element out of `bytes`, and gives its content; an empty one where it has not
/// that tag.
std::string_view take_content(std::string_view& bytes, unsigned char tag) {
  auto const element = first_element(bytes);
  if (!element || static_cast<unsigned char>(element->whole.front()) != tag) return {};
  bytes = element->rest;
  return element->content;
}

Heard consent_of_ldap(std::string_view received) {
  if (received.empty()) return {};
  if (static_cast<unsigned char>(received.front()) != sequence) return no_such_protocol("LDAP");
  auto const message = first_element(received);
  if (!message) return {};
  // Only definite lengths are allowed (RFC 4511 section 5.1).
  if (message->indefinite) return no_such_protocol("LDAP");
  std::string_view rest = message->content;
  take_content(rest, integer);  // the message's number
  std::string_view result = take_content(rest, extended_response);
  std::string_view const code = take_content(result, enumerated);
  if (code.size() != 1) return no_such_protocol("LDAP");
  if (code.front() == 0) return {message->whole.size(), {}};
  take_content(result, octet_string);  // the matched name
  std::string_view const diagnosis = take_content(result, octet_string);
  return refused("result code " + std::to_string(static_cast<unsigned char>(code.front())) +
                 (diagnosis.empty() ? "" : ", " + std::string(diagnosis)));
}

}  // namespace

Dialect ldap() {
  // LDAPMessage { messageID 1, extendedReq { requestName "1.3.6.1.4.1.1466.20037" } }
  constexpr std::string_view head("\x30\x1d\x02\x01\x01\x77\x18\x80\x16", 9);
  return {{std::string(head) + "1.3.6.1.4.1.1466.20037", consent_of_ldap}};
}

}  // namespace certpivot::crypto::starttls
