#include "crypto/certificate.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include <openssl/pem.h>

#include "crypto/failure.hpp"
#include "crypto/handle.hpp"
#include "crypto/hex.hpp"
#include "crypto/names.hpp"
#include "crypto/pem_content.hpp"
#include "crypto/validity.hpp"

namespace certpivot::crypto {
namespace {

using ConstraintsHandle = Handle<NAME_CONSTRAINTS, NAME_CONSTRAINTS_free>;

std::string serial_of(X509 const* certificate) {
  NumberHandle const number(ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), nullptr));
  TextHandle const hex(number ? BN_bn2hex(number.get()) : nullptr);
  if (!hex) return {};
  std::string text = hex.get();
  std::size_t const sign = text.front() == '-' ? 1 : 0;
  std::size_t const last = text.size() - 1;
  return text.erase(sign, std::min(text.find_first_not_of('0', sign), last) - sign);
}

bool fit_for(X509* certificate, int purpose) {
  bool const fit = X509_check_purpose(certificate, purpose, 0) == 1;
  forget_failures();
  return fit;
}

// The key of a certificate whose algorithm OpenSSL does not know is null.
EVP_PKEY* key_of(X509* certificate) {
  EVP_PKEY* const key = X509_get0_pubkey(certificate);
  if (key == nullptr) forget_failures();
  return key;
}

std::string key_in_words(X509* certificate) {
  EVP_PKEY const* const key = key_of(certificate);
  if (key == nullptr) return "unknown";
  std::string kind = EVP_PKEY_get0_type_name(key);
  if (kind.starts_with("RSA")) return kind + " " + std::to_string(EVP_PKEY_get_bits(key));
  std::array<char, 80> group{};
  if (EVP_PKEY_get_group_name(key, group.data(), group.size(), nullptr) != 1) {
    forget_failures();
    return kind;
  }
  char const* const nist = EC_curve_nid2nist(OBJ_txt2nid(group.data()));
  return kind + " " + (nist != nullptr ? nist : group.data());
}

// By name, because the OpenSSL that this is built with may be older than the one that it runs with.
bool is_post_quantum(std::string_view kind) {
  return kind.starts_with("ML-DSA-") || kind.starts_with("SLH-DSA-");
}

bool allows(X509* certificate, std::uint32_t usages) {
  // All bits are set where the extension is absent.
  return (X509_get_extended_key_usage(certificate) & usages) != 0;
}

unsigned security_bits_of(X509* certificate) {
  EVP_PKEY const* const key = key_of(certificate);
  return key != nullptr ? static_cast<unsigned>(std::max(EVP_PKEY_get_security_bits(key), 0)) : 0;
}

std::string digest_of(X509* certificate, EVP_MD const* algorithm) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
  unsigned size = 0;
  if (X509_digest(certificate, algorithm, hash.data(), &size) != 1) {
    throw_failure("cannot compute a certificate's digest");
  }
  return lower_hex({hash.data(), size});
}

// In base64. Peers take no more than 100 KiB in a handshake (SSL_CTX_set_max_cert_list(3)), and
// what a certificate of small objects takes, decoded, is twenty times its size.
constexpr std::size_t most_certificate_pem_bytes = std::size_t{140} * 1024;

constexpr char const* undecodable_certificate = "cannot decode the certificate";

}  // namespace

Result<Certificate> read_certificate(std::string_view block) {
  if (block.size() > most_certificate_pem_bytes) {
    return fail(undecodable_certificate, {}, "it has more than 100 KiB");
  }
  auto const content = decode_public_pem(block, PEM_STRING_X509, undecodable_certificate);
  if (!content) return fail(content.error());
  std::string_view const der = content->der;
  auto const* at = reinterpret_cast<unsigned char const*>(der.data());
  auto const* const end = at + der.size();
  CertificateHandle handle(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  if (!handle) return fail_openssl(undecodable_certificate);
  // The block may be published as it stands.
  if (at != end) return fail(undecodable_certificate, {}, "more follows behind it in its block");
  if (!has_readable_validity(handle.get())) {
    return fail(undecodable_certificate, {}, "its validity period is no time");
  }
  return Certificate(std::shared_ptr<X509>(std::move(handle)));
}

CertificateFacts Certificate::facts() const {
  return {.subject = subject(),
          .issuer = issuer(),
          .serial = serial_of(get()),
          .fingerprint = fingerprint(),
          .names = alternative_names(get()),
          .not_before = not_before(),
          .not_after = not_after(),
          .key = key(),
          .security_bits = security_bits_of(get())};
}

std::string Certificate::der() const {
  int const size = i2d_X509(get(), nullptr);
  if (size <= 0) throw_failure("cannot encode the certificate");
  std::string der(static_cast<std::size_t>(size), '\0');
  auto* end = reinterpret_cast<unsigned char*>(der.data());
  i2d_X509(get(), &end);
  return der;
}

std::string Certificate::fingerprint() const { return digest_of(get(), EVP_sha256()); }

std::string Certificate::sha1() const { return digest_of(get(), EVP_sha1()); }

std::string Certificate::pem() const {
  BioHandle const output(BIO_new(BIO_s_mem()));
  if (!output || PEM_write_bio_X509(output.get(), get()) != 1) {
    forget_failures();
    return {};
  }
  std::string text(BIO_ctrl_pending(output.get()), '\0');
  BIO_read(output.get(), text.data(), static_cast<int>(text.size()));
  return text;
}

std::string Certificate::subject() const { return text_of(X509_get_subject_name(get())); }
std::string Certificate::issuer() const { return text_of(X509_get_issuer_name(get())); }

bool Certificate::self_issued() const {
  return X509_NAME_cmp(X509_get_subject_name(get()), X509_get_issuer_name(get())) == 0;
}

bool Certificate::is_ca() const {
  constexpr std::uint32_t self_signed_version_1 = EXFLAG_V1 | EXFLAG_SS;
  std::uint32_t const flags = X509_get_extension_flags(get());
  if ((flags & EXFLAG_BCONS) != 0) return (flags & EXFLAG_CA) != 0;
  return (flags & self_signed_version_1) == self_signed_version_1;
}

// read_certificate has made sure that both can be told.
WallTime Certificate::not_before() const {
  return wall_time(X509_get0_notBefore(get())).value_or(WallTime::max());
}
WallTime Certificate::not_after() const {
  return wall_time(X509_get0_notAfter(get())).value_or(WallTime::min());
}

KeyKind Certificate::key_kind() const {
  EVP_PKEY const* const key = key_of(get());
  if (key == nullptr) return KeyKind::other;
  switch (EVP_PKEY_get_base_id(key)) {
    case EVP_PKEY_RSA:
    case EVP_PKEY_RSA_PSS:
      return KeyKind::rsa;
    case EVP_PKEY_EC:
      return KeyKind::ec;
    case EVP_PKEY_ED25519:
    case EVP_PKEY_ED448:
      return KeyKind::edwards;
    default:
      break;
  }
  return is_post_quantum(EVP_PKEY_get0_type_name(key)) ? KeyKind::post_quantum : KeyKind::other;
}

unsigned Certificate::key_bits() const {
  EVP_PKEY const* const key = key_of(get());
  return key != nullptr ? static_cast<unsigned>(std::max(EVP_PKEY_get_bits(key), 0)) : 0;
}

bool Certificate::has_key_of(Certificate const& other) const {
  EVP_PKEY const* const own = key_of(get());
  EVP_PKEY const* const others = key_of(other.get());
  bool const same = own != nullptr && others != nullptr && EVP_PKEY_eq(own, others) == 1;
  forget_failures();
  return same;
}

std::string Certificate::key() const { return key_in_words(get()); }

std::string Certificate::signature_algorithm() const {
  char const* const name = OBJ_nid2ln(X509_get_signature_nid(get()));
  return name != nullptr ? name : "an unknown algorithm";
}

std::optional<KeyUsage> Certificate::key_usage() const {
  std::uint32_t const bits = X509_get_key_usage(get());
  if (bits == UINT32_MAX) return std::nullopt;
  return KeyUsage{.digital_signature = (bits & KU_DIGITAL_SIGNATURE) != 0,
                  .key_encipherment = (bits & KU_KEY_ENCIPHERMENT) != 0,
                  .key_cert_sign = (bits & KU_KEY_CERT_SIGN) != 0,
                  .crl_sign = (bits & KU_CRL_SIGN) != 0};
}

bool Certificate::may_be_issued_by(Certificate const& other) const {
  int const answer = X509_check_issued(other.get(), get());
  return answer == X509_V_OK || answer == X509_V_ERR_KEYUSAGE_NO_CERTSIGN;
}

bool Certificate::covers(std::string const& name) const { return covers_name(get(), name); }

std::vector<std::string> Certificate::uris() const { return uris_of(get()); }

bool Certificate::allows_names_of(Certificate const& other) const {
  ConstraintsHandle const constraints(static_cast<NAME_CONSTRAINTS*>(
      X509_get_ext_d2i(get(), NID_name_constraints, nullptr, nullptr)));
  bool const allowed =
      !constraints || NAME_CONSTRAINTS_check(other.get(), constraints.get()) == X509_V_OK;
  forget_failures();
  return allowed;
}

std::vector<std::string> Certificate::unknown_critical_extensions() const {
  std::vector<std::string> oids;
  for (int i = 0; i < X509_get_ext_count(get()); ++i) {
    X509_EXTENSION* const extension = X509_get_ext(get(), i);
    if (X509_EXTENSION_get_critical(extension) == 0 || X509_supported_extension(extension) == 1)
      continue;
    std::array<char, 80> oid{};
    OBJ_obj2txt(oid.data(), oid.size(), X509_EXTENSION_get_object(extension), 1);
    oids.emplace_back(oid.data());
  }
  return oids;
}

bool Certificate::allows_server() const { return allows(get(), XKU_SSL_SERVER | XKU_SGC); }
bool Certificate::allows_client() const { return allows(get(), XKU_SSL_CLIENT); }

bool Certificate::fit_for_server() const { return fit_for(get(), X509_PURPOSE_SSL_SERVER); }
bool Certificate::fit_for_client() const { return fit_for(get(), X509_PURPOSE_SSL_CLIENT); }

bool Certificate::operator==(Certificate const& other) const {
  return X509_cmp(get(), other.get()) == 0;
}

}  // namespace certpivot::crypto
