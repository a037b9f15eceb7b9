#include "support/pki.hpp"

#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>

#include "support/openssl.hpp"

namespace certpivot::testing {
namespace {

using namespace certpivot::crypto;

KeyHandle new_key(KeyKind kind) {
  if (kind.family == KeyKind::Family::rsa) {
    return KeyHandle(made(EVP_RSA_gen(static_cast<unsigned>(kind.bits)), "RSA key"));
  }
  if (kind.family == KeyKind::Family::ed25519) {
    return KeyHandle(made(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"), "Ed25519 key"));
  }
  std::string const curve = "P-" + std::to_string(kind.bits);
  return KeyHandle(made(EVP_EC_gen(curve.c_str()), "EC key"));
}

std::string pem_of(X509* certificate) {
  BioHandle const bio = writer();
  done(PEM_write_bio_X509(bio.get(), certificate), "certificate as PEM");
  return written(bio);
}

std::string pem_of(EVP_PKEY* key) {
  BioHandle const bio = writer();
  done(PEM_write_bio_PKCS8PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr),
       "key as PEM");
  return written(bio);
}

std::string hex_of(unsigned char const* bytes, std::size_t size) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string text;
  for (std::size_t i = 0; i < size; ++i) {
    text += digits[bytes[i] >> 4];
    text += digits[bytes[i] & 15];
  }
  return text;
}

std::string fingerprint_of(X509* certificate) {
  unsigned char hash[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  done(X509_digest(certificate, EVP_sha256(), hash, &size), "fingerprint");
  return hex_of(hash, size);
}

void set_serial(X509* certificate, std::string const& hex) {
  BIGNUM* number = nullptr;
  if (hex.empty()) {
    number = made(BN_new(), "serial");
    done(BN_rand(number, 127, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY), "serial");
  } else {
    done(BN_hex2bn(&number, hex.c_str()), "serial");
  }
  NumberHandle const owner(number);
  made(BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)), "serial");
}

void set_subject(X509* certificate, std::string const& common_name) {
  auto const* const bytes = reinterpret_cast<unsigned char const*>(common_name.data());
  done(X509_NAME_add_entry_by_NID(X509_get_subject_name(certificate), NID_commonName, MBSTRING_UTF8,
                                  bytes, static_cast<int>(common_name.size()), -1, 0),
       "subject");
}

void set_validity(X509* certificate, WallTime not_before, WallTime not_after) {
  made(ASN1_TIME_set(X509_getm_notBefore(certificate), seconds(not_before)), "not before");
  made(ASN1_TIME_set(X509_getm_notAfter(certificate), seconds(not_after)), "not after");
}

void add_extension(X509* certificate, X509* issuer, int id, std::string const& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  ExtensionHandle const extension(
      made(X509V3_EXT_conf_nid(nullptr, &context, id, value.c_str()), "extension"));
  done(X509_add_ext(certificate, extension.get(), -1), "extension");
}

GENERAL_NAME* alternative_name(std::string const& name) {
  GENERAL_NAME* const entry = made(GENERAL_NAME_new(), "alternative name");
  if (ASN1_OCTET_STRING* const address = a2i_IPADDRESS(name.c_str())) {
    GENERAL_NAME_set0_value(entry, GEN_IPADD, address);
    return entry;
  }
  int const kind = name.find("://") != std::string::npos ? GEN_URI
                   : name.find('@') != std::string::npos ? GEN_EMAIL
                                                         : GEN_DNS;
  ASN1_IA5STRING* const text = made(ASN1_IA5STRING_new(), "alternative name");
  done(ASN1_STRING_set(text, name.data(), static_cast<int>(name.size())), "alternative name");
  GENERAL_NAME_set0_value(entry, kind, text);
  return entry;
}

void add_names(X509* certificate, std::vector<std::string> const& names) {
  if (names.empty()) return;
  NamesHandle const list(made(sk_GENERAL_NAME_new_null(), "alternative names"));
  for (std::string const& name : names) {
    done(sk_GENERAL_NAME_push(list.get(), alternative_name(name)), "alternative name");
  }
  done(X509_add1_ext_i2d(certificate, NID_subject_alt_name, list.get(), 0, X509V3_ADD_DEFAULT),
       "alternative names");
}

void add_purpose(X509* certificate, Purpose purpose) {
  if (purpose == Purpose::none) return;
  std::string const value = purpose == Purpose::server   ? "serverAuth"
                            : purpose == Purpose::client ? "clientAuth"
                                                         : "serverAuth,clientAuth";
  add_extension(certificate, nullptr, NID_ext_key_usage, value);
}

void add_identifiers(X509* certificate, X509* issuer) {
  add_extension(certificate, issuer, NID_subject_key_identifier, "hash");
  if (issuer != certificate) {
    add_extension(certificate, issuer, NID_authority_key_identifier, "keyid");
  }
}

void sign(X509* certificate, EVP_PKEY* key, std::string const& digest) {
  bool const hashes_itself = EVP_PKEY_is_a(key, "ED25519") == 1;
  EVP_MD const* const hash = hashes_itself ? nullptr : EVP_get_digestbyname(digest.c_str());
  done(X509_sign(certificate, key, hash), "signature");
}

CertificateHandle new_certificate(EVP_PKEY* key, std::string const& common_name,
                                  std::string const& serial) {
  CertificateHandle certificate(made(X509_new(), "certificate"));
  done(X509_set_version(certificate.get(), X509_VERSION_3), "version");
  set_serial(certificate.get(), serial);
  set_subject(certificate.get(), common_name);
  done(X509_set_pubkey(certificate.get(), key), "public key");
  return certificate;
}

// A null issuer means that the certificate signs itself.
Pair new_leaf(LeafOptions const& options, X509* issuer, EVP_PKEY* issuer_key,
              std::string const& chain) {
  KeyHandle const key =
      options.key_pem.empty() ? new_key(options.key) : parsed_key(options.key_pem);
  CertificateHandle const leaf = new_certificate(key.get(), options.common_name, options.serial);
  X509* const signer = issuer != nullptr ? issuer : leaf.get();
  done(X509_set_issuer_name(leaf.get(), X509_get_subject_name(signer)), "issuer");
  Pair pair;
  pair.not_before = options.not_before.value_or(from_now(std::chrono::hours(-1)));
  pair.not_after = options.not_after.value_or(from_now(std::chrono::hours(90 * 24)));
  set_validity(leaf.get(), pair.not_before, pair.not_after);
  add_extension(leaf.get(), signer, NID_basic_constraints, "critical,CA:FALSE");
  if (options.key_identifiers) add_identifiers(leaf.get(), signer);
  add_purpose(leaf.get(), options.purpose);
  add_names(leaf.get(), options.names);
  sign(leaf.get(), issuer != nullptr ? issuer_key : key.get(), options.digest);
  pair.leaf_pem = pem_of(leaf.get());
  pair.certificate_pem = options.include_chain ? pair.leaf_pem + chain : pair.leaf_pem;
  pair.key_pem = pem_of(key.get());
  pair.fingerprint = fingerprint_of(leaf.get());
  pair.serial = serial_of(leaf.get());
  return pair;
}

}  // namespace

WallTime from_now(Duration offset) {
  auto const now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  return std::chrono::floor<std::chrono::seconds>(now + offset);
}

Authority::Authority(AuthorityOptions const& options)
    : Authority(options, nullptr, new_key(options.key)) {}

Authority::Authority(AuthorityOptions const& options, Authority const* parent,
                     std::shared_ptr<EVP_PKEY> key)
    : common_name_(options.common_name),
      key_(std::move(key)),
      certificate_(new_certificate(key_.get(), options.common_name, {})) {
  X509* const own = certificate_.get();
  X509* const issuer = parent != nullptr ? parent->certificate_.get() : own;
  done(X509_set_issuer_name(own, X509_get_subject_name(issuer)), "issuer");
  set_validity(own, options.not_before.value_or(from_now(std::chrono::hours(-24))),
               options.not_after.value_or(from_now(std::chrono::hours(10 * 365 * 24))));
  std::string const limit =
      options.path_length ? ",pathlen:" + std::to_string(*options.path_length) : "";
  add_extension(own, issuer, NID_basic_constraints, "critical,CA:TRUE" + limit);
  add_extension(own, issuer, NID_key_usage, "critical,keyCertSign,cRLSign");
  if (options.key_identifiers) add_identifiers(own, issuer);
  sign(own, parent != nullptr ? parent->key_.get() : key_.get(), options.digest);
  pem_ = pem_of(own);
  if (parent != nullptr) chain_pem_ = pem_ + parent->chain_pem_;
}

Authority Authority::intermediate(AuthorityOptions const& options) const {
  return Authority(options, this, new_key(options.key));
}

Authority Authority::cross_sign(Authority const& other, AuthorityOptions options) const {
  options.common_name = other.common_name_;
  return Authority(options, this, other.key_);
}

Pair Authority::issue(LeafOptions const& options) const {
  return new_leaf(options, certificate_.get(), key_.get(), chain_pem_);
}

Pair self_signed(LeafOptions const& options) { return new_leaf(options, nullptr, nullptr, {}); }

std::string encrypted_key(std::string const& key_pem, std::string const& passphrase) {
  BioHandle const bio = writer();
  done(PEM_write_bio_PKCS8PrivateKey(bio.get(), parsed_key(key_pem).get(), EVP_aes_256_cbc(),
                                     passphrase.data(), static_cast<int>(passphrase.size()),
                                     nullptr, nullptr),
       "encrypted key");
  return written(bio);
}

std::string traditional_key(std::string const& key_pem) {
  BioHandle const bio = writer();
  done(PEM_write_bio_PrivateKey_traditional(bio.get(), parsed_key(key_pem).get(), nullptr, nullptr,
                                            0, nullptr, nullptr),
       "traditional key");
  return written(bio);
}

std::string encrypted_traditional_key(std::string const& key_pem, std::string const& passphrase) {
  BioHandle const bio = writer();
  auto const* const bytes = reinterpret_cast<unsigned char const*>(passphrase.data());
  done(PEM_write_bio_PrivateKey_traditional(bio.get(), parsed_key(key_pem).get(), EVP_aes_256_cbc(),
                                            bytes, static_cast<int>(passphrase.size()), nullptr,
                                            nullptr),
       "encrypted traditional key");
  return written(bio);
}

std::string der_of(std::string const& pem) {
  char* name = nullptr;
  char* header = nullptr;
  unsigned char* data = nullptr;
  long size = 0;
  done(PEM_read_bio(reader(pem).get(), &name, &header, &data, &size), "PEM block");
  std::string der(reinterpret_cast<char const*>(data), static_cast<std::size_t>(size));
  OPENSSL_free(name);
  OPENSSL_free(header);
  OPENSSL_free(data);
  return der;
}

}  // namespace certpivot::testing
