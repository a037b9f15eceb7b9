#include "crypto/der.hpp"

#include <string>
#include <utility>

#include "crypto/failure.hpp"
#include "crypto/handle.hpp"

namespace certpivot::crypto {
namespace {

constexpr char sequence_byte = '\x30';
constexpr int not_universal = -1;

bool has_tag(std::optional<DerElement> const& element, int tag) {
  return element && element->tag == tag;
}

// PKCS#8, PKCS#1 and SEC1 begin with a version number, as PKCS#12 does, whose number is 3.
DerForm form_with_version(DerElement const& version) {
  return version.content == "\x03" ? DerForm::pkcs12 : DerForm::private_key;
}

tl::unexpected<DecodeFailure> neither(std::string why) {
  return fail_to_decode(DecodeFault::malformed, std::move(why));
}

}  // namespace

std::optional<DerElement> first_element(std::string_view bytes) {
  static constexpr int failed = 0x80;
  static constexpr int indefinite = 0x01;
  if (bytes.empty()) return {};
  auto const* const begin = reinterpret_cast<unsigned char const*>(bytes.data());
  auto const* content = begin;
  long size = 0;
  int tag = 0;
  int kind = 0;
  int const answer = ASN1_get_object(&content, &size, &tag, &kind, static_cast<long>(bytes.size()));
  if ((answer & failed) != 0) {
    forget_failures();
    return {};
  }
  auto const head = static_cast<std::size_t>(content - begin);
  bool const endless = (answer & indefinite) != 0;
  auto const length = endless ? bytes.size() - head : static_cast<std::size_t>(size);
  return DerElement{.tag = kind == V_ASN1_UNIVERSAL ? tag : not_universal,
                    .constructed = (answer & V_ASN1_CONSTRUCTED) != 0,
                    .indefinite = endless,
                    .whole = bytes.substr(0, head + length),
                    .content = bytes.substr(head, length),
                    .rest = bytes.substr(head + length)};
}

// Short lengths are letters and digits: such a file must be of that very length.
bool looks_like_der(std::string_view bytes) {
  if (bytes.size() < 2 || bytes[0] != sequence_byte) return false;
  auto const length = static_cast<unsigned char>(bytes[1]);
  return length >= 0x80 || bytes.size() == std::size_t{2} + length;
}

Decoded<DerForm> der_form(std::string_view bytes) {
  auto const all = first_element(bytes);
  if (!all) return neither("it is cut off, damaged or still being written");
  if (!all->rest.empty()) return neither("something follows its DER");
  auto const first = first_element(all->content);
  if (has_tag(first, V_ASN1_INTEGER)) return form_with_version(*first);
  if (has_tag(first, V_ASN1_SEQUENCE)) {
    // An algorithm and the bytes that it encrypted, or what a certificate begins with: a sequence
    // of its version, or of its serial number where it is of version 1 (RFC 5280 section 4.1).
    auto const inner = first_element(first->content);
    if (has_tag(inner, V_ASN1_OBJECT)) return DerForm::encrypted_private_key;
    if (has_tag(inner, V_ASN1_INTEGER) || has_tag(inner, not_universal))
      return DerForm::certificate;
  }
  return neither("it is DER, but neither certificate nor private key nor PKCS#12");
}

}  // namespace certpivot::crypto
