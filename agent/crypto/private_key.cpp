#include "crypto/private_key.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

#include <openssl/pem.h>

#include "crypto/certificate.hpp"
#include "crypto/der.hpp"
#include "crypto/failure.hpp"
#include "crypto/handle.hpp"
#include "crypto/key_consistency.hpp"
#include "crypto/key_decoder.hpp"
#include "crypto/key_frame.hpp"
#include "crypto/key_info.hpp"
#include "crypto/pem.hpp"
#include "crypto/pem_content.hpp"

namespace certpivot::crypto {
namespace {

using ObjectHandle = Handle<ASN1_OBJECT, ASN1_OBJECT_free>;

constexpr std::size_t most_key_bytes = std::size_t{16} * 1024;
// Base64 takes four bytes for three; line ends and headers are few.
constexpr std::size_t most_key_pem_bytes = 2 * most_key_bytes;

tl::unexpected<DecodeFailure> too_large() {
  return fail_to_decode(DecodeFault::too_large, "no private key has more than 16 KiB");
}

bool is_encrypted(PemContent const& content) {
  return !content.header.empty() || content.label == PEM_STRING_PKCS8;
}

// "1.2.840.10045.2.1".
std::string dotted(std::string_view object) {
  auto const* data = reinterpret_cast<unsigned char const*>(object.data());
  ObjectHandle const handle(d2i_ASN1_OBJECT(nullptr, &data, static_cast<long>(object.size())));
  std::array<char, 80> text{};
  if (handle) OBJ_obj2txt(text.data(), text.size(), handle.get(), 1);
  return text.data();
}

// PKCS#8: version, algorithm, key. PKCS#1: version, then numbers. SEC1: version, private number.
std::optional<KeyShape> shape_of(std::string_view der) {
  auto const all = first_element(der);
  auto const version = all ? first_element(all->content) : std::nullopt;
  auto const second = version ? first_element(version->rest) : std::nullopt;
  if (!second) return {};
  if (second->tag == V_ASN1_INTEGER) return KeyShape{"RSA", "type-specific"};
  if (second->tag == V_ASN1_OCTET_STRING) return KeyShape{"EC", "type-specific"};
  auto const algorithm = first_element(second->content);
  if (second->tag != V_ASN1_SEQUENCE || !algorithm || algorithm->tag != V_ASN1_OBJECT) return {};
  return KeyShape{dotted(algorithm->whole), "PrivateKeyInfo"};
}

// DSA, DH and X9.42 DH. OpenSSL would compute their public part while decoding, which takes minutes
// for numbers of some kilobytes.
bool serves_no_tls(KeyShape const& shape) {
  static constexpr std::array<std::string_view, 3> kinds{
      "1.2.840.10040.4.1", "1.2.840.113549.1.3.1", "1.2.840.10046.2.1"};
  return std::find(kinds.begin(), kinds.end(), shape.type) != kinds.end();
}

}  // namespace

Decoded<PrivateKey> read_private_key(std::string_view block) {
  if (block.size() > most_key_pem_bytes) return too_large();
  auto const content = decode_pem(block);
  if (!content) return fail_to_decode(DecodeFault::malformed, content.error().why);
  if (is_encrypted(*content)) return fail_to_decode(DecodeFault::encrypted, "it is encrypted");
  return read_private_key_der(content->bytes.view());
}

Decoded<PrivateKey> read_private_key_der(std::string_view der) {
  if (der.size() > most_key_bytes) return too_large();
  auto const shape = shape_of(der);
  if (!shape) {
    return fail_to_decode(DecodeFault::malformed, "it is neither PKCS#8 nor PKCS#1 nor SEC1");
  }
  if (serves_no_tls(*shape)) {
    return fail_to_decode(DecodeFault::malformed,
                          "it is a DSA or DH key, which no TLS server takes");
  }
  if (auto wrong = wrong_frame(der); !wrong.empty())
    return fail_to_decode(DecodeFault::malformed, std::move(wrong));
  auto decoder = KeyDecoders::shared().take(*shape);
  auto key = decoder->decode(der);
  KeyDecoders::shared().give_back(std::move(decoder));
  if (!key) return key;
  std::string why = inconsistency_of(key->get());
  if (!why.empty()) return fail_to_decode(DecodeFault::malformed, std::move(why));
  return key;
}

bool PrivateKey::matches(Certificate const& certificate) const {
  bool const same = X509_check_private_key(certificate.get(), handle_.get()) == 1;
  forget_failures();
  return same;
}

Result<Secret> PrivateKey::der() const {
  KeyInfoHandle const info(EVP_PKEY2PKCS8(handle_.get()));
  return der_of(info.get());
}

Result<Secret> PrivateKey::pem() const {
  auto const encoded = der();
  if (!encoded) return fail(encoded.error());
  return pem_of(PEM_STRING_PKCS8INF, encoded->view());
}

}  // namespace certpivot::crypto
