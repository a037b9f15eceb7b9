#include <cstdint>
#include <optional>

#include "crypto/starttls/dialect.hpp"

namespace certpivot::crypto::starttls {

namespace {

// Tags of RFC 4511, appendix B.
constexpr unsigned char sequence = 0x30;
constexpr unsigned char enumerated = 0x0a;
constexpr unsigned char octet_string = 0x04;
constexpr unsigned char extended_response = 0x78;

/// One BER element of definite length.
struct Element {
  unsigned char tag = 0;
  std::string_view content = {};
  std::size_t size = 0;  ///< with tag and length
};

/// Nothing where it has not ended.
std::optional<Element> first_element(std::string_view bytes) {
  constexpr unsigned char long_form = 0x80;
  if (bytes.size() < 2) return std::nullopt;
  std::size_t begin = 2;
  std::uint64_t length = static_cast<unsigned char>(bytes[1]);
  if (length > long_form) {
    std::size_t const octets = length - long_form;
    if (octets > sizeof(std::uint32_t) || bytes.size() < begin + octets) return std::nullopt;
    length = 0;
    for (; begin < 2 + octets; ++begin)
      length = length << 8U | static_cast<unsigned char>(bytes[begin]);
  }
  if (bytes.size() - begin < length) return std::nullopt;
  return Element{static_cast<unsigned char>(bytes.front()), bytes.substr(begin, length),
                 begin + length};
}

/// Takes the first element out of `bytes`; an empty one of another kind where it has not that tag.
Element take_element(std::string_view& bytes, unsigned char tag) {
  auto const element = first_element(bytes);
  if (!element || element->tag != tag) return {};
  bytes.remove_prefix(element->size);
  return *element;
}

Heard consent_of_ldap(std::string_view received) {
  if (received.empty()) return {};
  if (static_cast<unsigned char>(received.front()) != sequence) return no_such_protocol("LDAP");
  auto const message = first_element(received);
  if (!message) return {};
  std::string_view rest = message->content;
  constexpr unsigned char integer = 0x02;
  take_element(rest, integer);  // the message's number
  std::string_view result = take_element(rest, extended_response).content;
  Element const code = take_element(result, enumerated);
  if (code.content.size() != 1) return no_such_protocol("LDAP");
  if (code.content.front() == 0) return {message->size, {}};
  take_element(result, octet_string);  // the matched name
  std::string_view const diagnosis = take_element(result, octet_string).content;
  return refused("result code " + std::to_string(static_cast<unsigned char>(code.content.front())) +
                 (diagnosis.empty() ? "" : ", " + std::string(diagnosis)));
}

}  // namespace

Dialect ldap() {
  // LDAPMessage { messageID 1, extendedReq { requestName "1.3.6.1.4.1.1466.20037" } }
  constexpr std::string_view head("\x30\x1d\x02\x01\x01\x77\x18\x80\x16", 9);
  return {{std::string(head) + "1.3.6.1.4.1.1466.20037", consent_of_ldap}};
}

}  // namespace certpivot::crypto::starttls
