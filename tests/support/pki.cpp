#include "support/pki.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>

#include "support/openssl.hpp"

namespace certpivot::testing {
namespace {

using namespace certpivot::crypto;

using KeyContextHandle = Handle<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;

KeyHandle generated(KeyContextHandle const& context) {
  EVP_PKEY* key = nullptr;
  done(EVP_PKEY_generate(context.get(), &key), "key");
  return KeyHandle(key);
}

KeyContextHandle generator(char const* algorithm) {
  KeyContextHandle context(made(EVP_PKEY_CTX_new_from_name(nullptr, algorithm, nullptr), "key"));
  done(EVP_PKEY_keygen_init(context.get()), "key");
  return context;
}

KeyHandle new_rsa_pss_key(int bits) {
  KeyContextHandle const context = generator("RSA-PSS");
  done(EVP_PKEY_CTX_set_rsa_keygen_bits(context.get(), bits), "RSA-PSS key");
  return generated(context);
}

KeyHandle new_dsa_key(int bits) {
  KeyContextHandle const context(made(EVP_PKEY_CTX_new_from_name(nullptr, "DSA", nullptr), "DSA"));
  done(EVP_PKEY_paramgen_init(context.get()), "DSA parameters");
  done(EVP_PKEY_CTX_set_dsa_paramgen_bits(context.get(), bits), "DSA parameters");
  KeyHandle const parameters = generated(context);
  KeyContextHandle const keys(
      made(EVP_PKEY_CTX_new_from_pkey(nullptr, parameters.get(), nullptr), "DSA key"));
  done(EVP_PKEY_keygen_init(keys.get()), "DSA key");
  return generated(keys);
}

KeyHandle new_ec_key(KeyKind kind) {
  std::string const curve = *kind.name != '\0' ? kind.name : "P-" + std::to_string(kind.bits);
  return KeyHandle(made(EVP_EC_gen(curve.c_str()), "EC key"));
}

KeyHandle new_key(KeyKind kind) {
  switch (kind.family) {
    case KeyKind::Family::rsa:
      return KeyHandle(made(EVP_RSA_gen(static_cast<unsigned>(kind.bits)), "RSA key"));
    case KeyKind::Family::rsa_pss:
      return new_rsa_pss_key(kind.bits);
    case KeyKind::Family::dsa:
      return new_dsa_key(kind.bits);
    case KeyKind::Family::ed25519:
      return generated(generator("ED25519"));
    case KeyKind::Family::other:
      return generated(generator(kind.name));
    case KeyKind::Family::ec:
      break;
  }
  return new_ec_key(kind);
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
  if (common_name.empty()) return;
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

void add_extension(X509* certificate, X509* issuer, Extension const& wanted) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  ExtensionHandle const extension(
      made(X509V3_EXT_nconf(nullptr, &context, wanted.name.c_str(), wanted.value.c_str()),
           wanted.name.c_str()));
  done(X509_add_ext(certificate, extension.get(), -1), "extension");
}

// An empty value means that the extension is left out.
void add_unless_empty(X509* certificate, X509* issuer, int id, std::string const& value) {
  if (!value.empty()) add_extension(certificate, issuer, id, value);
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
                            : purpose == Purpose::ocsp   ? "OCSPSigning"
                                                         : "serverAuth,clientAuth";
  add_extension(certificate, nullptr, NID_ext_key_usage, value);
}

void add_identifiers(X509* certificate, X509* issuer) {
  add_extension(certificate, issuer, NID_subject_key_identifier, "hash");
  if (issuer != certificate) {
    add_extension(certificate, issuer, NID_authority_key_identifier, "keyid");
  }
}

void add_responder(X509* certificate, std::string const& url) {
  if (!url.empty()) add_extension(certificate, nullptr, NID_info_access, "OCSP;URI:" + url);
}

// Some algorithms bring their own digest, or none; OpenSSL calls that "UNDEF".
bool hashes_itself(EVP_PKEY* key) {
  static constexpr int mandatory = 2;
  char name[50] = {};
  return EVP_PKEY_get_default_digest_name(key, name, sizeof name) == mandatory &&
         std::string(name) == "UNDEF";
}

void sign(X509* certificate, EVP_PKEY* key, std::string const& digest) {
  EVP_MD const* const hash = hashes_itself(key) ? nullptr : EVP_get_digestbyname(digest.c_str());
  done(X509_sign(certificate, key, hash), "signature");
}

CertificateHandle new_certificate(EVP_PKEY* key, std::string const& common_name,
                                  std::string const& serial, int version) {
  CertificateHandle certificate(made(X509_new(), "certificate"));
  done(X509_set_version(certificate.get(), version - 1), "version");
  set_serial(certificate.get(), serial);
  set_subject(certificate.get(), common_name);
  done(X509_set_pubkey(certificate.get(), key), "public key");
  return certificate;
}

void add_extensions(X509* leaf, X509* signer, LeafOptions const& options) {
  add_unless_empty(leaf, signer, NID_basic_constraints, options.basic_constraints);
  add_unless_empty(leaf, signer, NID_key_usage, options.key_usage);
  if (options.key_identifiers) add_identifiers(leaf, signer);
  add_purpose(leaf, options.purpose);
  add_names(leaf, options.names);
  for (Extension const& extension : options.extensions) add_extension(leaf, signer, extension);
}

void add_extensions(X509* own, X509* issuer, AuthorityOptions const& options) {
  std::string const limit =
      options.path_length ? ",pathlen:" + std::to_string(*options.path_length) : "";
  add_unless_empty(own, issuer, NID_basic_constraints, options.basic_constraints + limit);
  add_unless_empty(own, issuer, NID_key_usage, options.key_usage);
  if (options.key_identifiers) add_identifiers(own, issuer);
  for (Extension const& extension : options.extensions) add_extension(own, issuer, extension);
}

// A null issuer means that the certificate signs itself.
Pair new_leaf(LeafOptions const& options, X509* issuer, EVP_PKEY* issuer_key,
              std::string const& chain) {
  KeyHandle const key =
      options.key_pem.empty() ? new_key(options.key) : parsed_key(options.key_pem);
  CertificateHandle const leaf =
      new_certificate(key.get(), options.common_name, options.serial, options.version);
  X509* const signer = issuer != nullptr ? issuer : leaf.get();
  done(X509_set_issuer_name(leaf.get(), X509_get_subject_name(signer)), "issuer");
  Pair pair;
  pair.not_before = options.not_before.value_or(from_now(std::chrono::hours(-1)));
  pair.not_after = options.not_after.value_or(from_now(std::chrono::hours(90 * 24)));
  set_validity(leaf.get(), pair.not_before, pair.not_after);
  if (options.version > 1) add_extensions(leaf.get(), signer, options);
  add_responder(leaf.get(), options.ocsp_url);
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

bool knows_algorithm(char const* name) {
  KeyContextHandle const context(EVP_PKEY_CTX_new_from_name(nullptr, name, nullptr));
  ERR_clear_error();
  return context != nullptr;
}

Authority::Authority(AuthorityOptions const& options)
    : Authority(options, nullptr, new_key(options.key)) {}

Authority::Authority(AuthorityOptions const& options, Authority const* parent,
                     std::shared_ptr<EVP_PKEY> key)
    : common_name_(options.common_name),
      key_(std::move(key)),
      certificate_(new_certificate(key_.get(), options.common_name, {}, options.version)) {
  X509* const own = certificate_.get();
  X509* const issuer = parent != nullptr ? parent->certificate_.get() : own;
  done(X509_set_issuer_name(own, X509_get_subject_name(issuer)), "issuer");
  set_validity(own, options.not_before.value_or(from_now(std::chrono::hours(-24))),
               options.not_after.value_or(from_now(std::chrono::hours(10 * 365 * 24))));
  if (options.version > 1) add_extensions(own, issuer, options);
  add_responder(own, options.ocsp_url);
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

std::string Authority::key_pem() const { return pem_of(key_.get()); }

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
