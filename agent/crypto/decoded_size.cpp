#include "crypto/decoded_size.hpp"

#include <algorithm>
#include <string>

#include <openssl/asn1.h>

#include "crypto/der.hpp"
#include "crypto/pem_content.hpp"

namespace certpivot::crypto {
namespace {

// So little cannot take too much, whatever is in it.
constexpr std::size_t small_file = std::size_t{128} * 1024;

// What one element costs, as measured: a part of a name, or of an entry's three and its extensions.
constexpr std::size_t element_size = 112;
constexpr std::size_t entry_element_size = 64;
// OpenSSL itself goes no deeper (ASN1_MAX_CONSTRUCTED_NEST).
constexpr int deepest = 30;
// A reason. Such a value is not kept, an issuer's names are.
constexpr std::size_t small_value = 3;

std::string_view following(DerElement const& element) {
  return element.indefinite ? element.content : element.rest;
}

// Elements of indefinite length, which OpenSSL decodes wherever they stand, are passed as flat as
// their bytes are: what they hold counts as what follows them, however deep they are nested.
std::size_t size_of_elements(std::string_view der, std::size_t each, int depth) {
  std::size_t size = 0;
  for (auto element = first_element(der); element; element = first_element(following(*element))) {
    size += each;
    if (element->indefinite || depth == deepest) continue;
    // An extension has its value inside of an OCTET STRING.
    if (element->tag == V_ASN1_OCTET_STRING) {
      if (element->content.size() > small_value)
        size += size_of_elements(element->content, element_size, depth + 1);
    } else if (element->constructed) {
      size += size_of_elements(element->content, each, depth + 1);
    }
  }
  return size;
}

// Nothing of a block that cannot be decoded: its reader tells what is wrong with it.
std::size_t decoded_size_of_certificate(std::string_view block) {
  auto const content = decode_public_pem(block, PEM_STRING_X509, {});
  return content ? size_of_elements(content->der, element_size, 0) : 0;
}

bool have_room(std::size_t file_size, std::vector<std::string_view> const& blocks) {
  if (file_size <= small_file) return true;
  DecodingRoom room(file_size);
  return std::all_of(blocks.begin(), blocks.end(), [&](std::string_view block) {
    return room.take(decoded_size_of_certificate(block));
  });
}

}  // namespace

std::size_t decoded_size_of_crl(std::string_view der) {
  auto const list = first_element(der);
  auto const signed_part = list ? first_element(list->content) : std::nullopt;
  if (!signed_part) return 0;
  std::size_t size = 0;
  // Behind the signature's algorithm and the issuer, the third SEQUENCE has the entries.
  int sequences = 0;
  for (auto part = first_element(signed_part->content); part; part = first_element(part->rest)) {
    if (part->tag == V_ASN1_SEQUENCE) ++sequences;
    bool const entries = part->tag == V_ASN1_SEQUENCE && sequences == 3;
    size += size_of_elements(part->content, entries ? entry_element_size : element_size, 0);
  }
  return size;
}

std::optional<DecodeFailure> too_much(std::size_t file_size,
                                      std::vector<std::string_view> const& blocks,
                                      std::size_t most) {
  std::string const count = std::to_string(blocks.size());
  if (blocks.size() > most)
    return DecodeFailure{DecodeFault::too_large, "it holds " + count +
                                                     " certificates, more than the " +
                                                     std::to_string(most) + " that are read"};
  if (!have_room(file_size, blocks))
    return DecodeFailure{DecodeFault::too_large,
                         "its certificates have so many small parts that they would take many "
                         "times its size"};
  return {};
}

}  // namespace certpivot::crypto
