#include "crypto/key_frame.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include <openssl/asn1.h>

#include "crypto/der.hpp"

namespace certpivot::crypto {
namespace {

using Elements = std::vector<DerElement>;

constexpr auto damaged = "its DER is damaged";
constexpr auto unknown_version = "its version number is unknown";

// Object identifiers as they stand in DER.
constexpr std::array<unsigned char, 9> rsa{0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01};
constexpr std::array<unsigned char, 7> ec{0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01};
constexpr std::array<unsigned char, 3> ed25519{0x2b, 0x65, 0x70};
constexpr std::array<unsigned char, 3> ed448{0x2b, 0x65, 0x71};

// More than any of the forms has.
constexpr std::size_t most_elements = 16;

template <std::size_t Size>
bool is(std::string_view type, std::array<unsigned char, Size> const& identifier) {
  return std::equal(
      type.begin(), type.end(), identifier.begin(), identifier.end(),
      [](char given, unsigned char wanted) { return static_cast<unsigned char>(given) == wanted; });
}

std::optional<Elements> elements_of(std::string_view content) {
  Elements all;
  while (!content.empty()) {
    auto const one = first_element(content);
    if (!one || all.size() == most_elements) return std::nullopt;
    all.push_back(*one);
    content = one->rest;
  }
  return all;
}

// The content of the one SEQUENCE that the bytes are.
std::optional<Elements> sequence(std::string_view der) {
  auto const all = first_element(der);
  if (!all || all->tag != V_ASN1_SEQUENCE || !all->rest.empty()) return std::nullopt;
  return elements_of(all->content);
}

bool is_number(DerElement const& element, char value) {
  return element.tag == V_ASN1_INTEGER && element.content == std::string_view(&value, 1);
}

// Of a context tag: 0xa0 for [0], constructed.
bool is_tagged(DerElement const& element, unsigned char first_byte) {
  return static_cast<unsigned char>(element.whole.front()) == first_byte;
}

// A BIT STRING of whole bytes.
bool is_whole_bytes(std::string_view content) {
  auto const bits = first_element(content);
  return bits && bits->tag == V_ASN1_BIT_STRING && bits->rest.empty() && !bits->content.empty() &&
         bits->content.front() == '\0';
}

std::string wrong_sec1(Elements const& key) {
  if (key.size() < 2 || key[1].tag != V_ASN1_OCTET_STRING) return damaged;
  if (!is_number(key[0], 1)) return unknown_version;
  std::size_t at = 2;
  if (at < key.size() && is_tagged(key[at], 0xa0)) ++at;
  if (at < key.size() && is_tagged(key[at], 0xa1) && is_whole_bytes(key[at].content)) ++at;
  return at == key.size() ? "" : damaged;
}

std::string wrong_pkcs1(Elements const& key) {
  constexpr std::size_t of_two_primes = 9;
  if (key.empty()) return damaged;
  bool const several = is_number(key[0], 1);
  if (!several && !is_number(key[0], 0)) return unknown_version;
  return key.size() == of_two_primes + (several ? 1 : 0) ? "" : damaged;
}

std::string wrong_parameters(Elements const& algorithm) {
  std::string_view const type = algorithm.front().content;
  bool const none = algorithm.size() == 1;
  bool const null = algorithm.size() == 2 && algorithm[1].tag == V_ASN1_NULL;
  bool const wrong = (is(type, rsa) && !none && !null) ||
                     ((is(type, ed25519) || is(type, ed448)) && !none) || algorithm.size() > 2;
  return wrong ? "its algorithm has parameters that do not belong to it" : "";
}

std::string wrong_pkcs8(Elements const& info) {
  if (info.size() < 3 || info[2].tag != V_ASN1_OCTET_STRING) return damaged;
  std::size_t at = 3;
  if (at < info.size() && is_tagged(info[at], 0xa0)) ++at;
  // Version 1 says that there is one.
  bool const has_public = at < info.size() && is_tagged(info[at], 0x81);
  if (!is_number(info[0], has_public ? 1 : 0)) return unknown_version;
  if (at + (has_public ? 1 : 0) != info.size()) return damaged;

  auto const algorithm = elements_of(info[1].content);
  if (!algorithm || algorithm->empty()) return damaged;
  if (auto wrong = wrong_parameters(*algorithm); !wrong.empty()) return wrong;
  std::string_view const type = algorithm->front().content;
  bool const is_rsa = is(type, rsa);
  if (!is_rsa && !is(type, ec)) return {};
  auto const key = sequence(info[2].content);
  if (!key) return damaged;
  return is_rsa ? wrong_pkcs1(*key) : wrong_sec1(*key);
}

}  // namespace

std::string wrong_frame(std::string_view der) {
  auto const key = sequence(der);
  if (!key || key->size() < 2) return damaged;
  switch ((*key)[1].tag) {
    case V_ASN1_INTEGER:
      return wrong_pkcs1(*key);
    case V_ASN1_OCTET_STRING:
      return wrong_sec1(*key);
    default:
      return wrong_pkcs8(*key);
  }
}

}  // namespace certpivot::crypto
