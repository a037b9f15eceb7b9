#include "support/sealed.hpp"

#include <array>
#include <cstring>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/provider.h>

#include "crypto/key_info.hpp"
#include "crypto/pkcs12_handles.hpp"
#include "support/openssl.hpp"
#include "support/pki.hpp"

namespace certpivot::testing {
namespace {

using namespace certpivot::crypto;

using SealedHandle = Handle<X509_SIG, X509_SIG_free>;
using AlgorithmHandle = Handle<X509_ALGOR, X509_ALGOR_free>;

constexpr std::array<unsigned char, 16> salt{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
constexpr int short_salt = 8;  // what PBES1 has

OSSL_LIB_CTX* with_legacy() {
  static OSSL_LIB_CTX* const library = [] {
    OSSL_LIB_CTX* const made_now = made(OSSL_LIB_CTX_new(), "library");
    made(OSSL_PROVIDER_load(made_now, "default"), "default provider");
    made(OSSL_PROVIDER_load(made_now, "legacy"), "legacy provider");
    return made_now;
  }();
  return library;
}

// The number that PKCS12_add_key(3) and others take for it.
int number_of(Scheme scheme) {
  switch (scheme) {
    case Scheme::pbes1_3des:
      return NID_pbe_WithSHA1And3_Key_TripleDES_CBC;
    case Scheme::pbes1_rc2_40:
      return NID_pbe_WithSHA1And40BitRC2_CBC;
    case Scheme::pbes1_des:
      return NID_pbeWithMD5AndDES_CBC;
    case Scheme::none:
      return -1;
    case Scheme::pbes2:
    case Scheme::scrypt:
      break;
  }
  return NID_aes_256_cbc;
}

AlgorithmHandle algorithm_of(Scheme scheme, int iterations) {
  auto* const bytes = const_cast<unsigned char*>(salt.data());
  auto const size = static_cast<int>(salt.size());
  switch (scheme) {
    case Scheme::pbes2:
      return AlgorithmHandle(
          made(PKCS5_pbe2_set(EVP_aes_256_cbc(), iterations, bytes, size), "PBES2"));
    case Scheme::scrypt:
      return AlgorithmHandle(
          made(PKCS5_pbe2_set_scrypt(EVP_aes_256_cbc(), bytes, size, nullptr,
                                     static_cast<std::uint64_t>(iterations), 8, 1),
               "scrypt"));
    default:
      return AlgorithmHandle(
          made(PKCS5_pbe_set(number_of(scheme), iterations, bytes, short_salt), "PBES1"));
  }
}

std::string pem_of_sealed(X509_SIG* sealed) {
  BioHandle const bio = writer();
  done(PEM_write_bio_PKCS8(bio.get(), sealed), "encrypted key");
  return written(bio);
}

void add_certificates(Store const& store, char const* passphrase, SafesHandle& safes) {
  BagsHandle bags(made(sk_PKCS12_SAFEBAG_new_null(), "bags"));
  STACK_OF(PKCS12_SAFEBAG)* list = bags.get();
  BioHandle const bio = reader(store.certificates);
  while (CertificateHandle const one{PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)}) {
    made(PKCS12_add_cert(&list, one.get()), "certificate bag");
  }
  ERR_clear_error();
  STACK_OF(PKCS7)* all = safes.get();
  done(PKCS12_add_safe_ex(&all, list, number_of(store.certificate_scheme), store.sealing.iterations,
                          passphrase, with_legacy(), nullptr),
       "certificates");
}

void add_keys(Store const& store, char const* passphrase, SafesHandle& safes) {
  BagsHandle bags(made(sk_PKCS12_SAFEBAG_new_null(), "bags"));
  STACK_OF(PKCS12_SAFEBAG)* list = bags.get();
  for (std::string const& key : store.keys) {
    made(PKCS12_add_key_ex(&list, parsed_key(key).get(), 0, store.sealing.iterations,
                           number_of(store.sealing.scheme), passphrase, with_legacy(), nullptr),
         "key bag");
  }
  STACK_OF(PKCS7)* all = safes.get();
  done(PKCS12_add_safe(&all, list, -1, 0, nullptr), "keys");
}

std::string der_of_store(PKCS12* file) {
  BioHandle const bio = writer();
  done(i2d_PKCS12_bio(bio.get(), file), "PKCS#12");
  return written(bio);
}

StoreFileHandle file_of(SafesHandle const& safes) {
  return StoreFileHandle(made(PKCS12_add_safes(safes.get(), NID_pkcs7_data), "PKCS#12"));
}

}  // namespace

std::string sealed_key(std::string const& key_pem, Sealing const& sealing) {
  KeyInfoHandle const info(made(EVP_PKEY2PKCS8(parsed_key(key_pem).get()), "PKCS#8"));
  AlgorithmHandle algorithm = algorithm_of(sealing.scheme, sealing.iterations);
  SealedHandle const sealed(
      made(PKCS8_set0_pbe_ex(sealing.passphrase.data(), static_cast<int>(sealing.passphrase.size()),
                             info.get(), algorithm.get(), with_legacy(), nullptr),
           "encrypted key"));
  static_cast<void>(algorithm.release());  // it belongs to `sealed` now
  return pem_of_sealed(sealed.get());
}

std::string claimed_key(Scheme scheme, int iterations) {
  SealedHandle const sealed(made(X509_SIG_new(), "encrypted key"));
  X509_ALGOR* algorithm = nullptr;
  ASN1_OCTET_STRING* bytes = nullptr;
  X509_SIG_getm(sealed.get(), &algorithm, &bytes);
  done(X509_ALGOR_copy(algorithm, algorithm_of(scheme, iterations).get()), "algorithm");
  done(ASN1_OCTET_STRING_set(bytes, salt.data(), static_cast<int>(salt.size())), "bytes");
  return pem_of_sealed(sealed.get());
}

std::string pkcs12(Store const& store) {
  char const* const passphrase = store.no_passphrase ? nullptr : store.sealing.passphrase.c_str();
  SafesHandle safes(made(sk_PKCS7_new_null(), "safes"));
  if (!store.certificates.empty()) add_certificates(store, passphrase, safes);
  if (!store.keys.empty()) add_keys(store, passphrase, safes);
  StoreFileHandle const file = file_of(safes);
  if (store.mac) {
    done(PKCS12_set_mac(file.get(), passphrase, -1, nullptr, 0, store.mac_iterations, EVP_sha256()),
         "MAC");
  }
  return der_of_store(file.get());
}

std::string claimed_pkcs12(int mac_iterations) {
  SafesHandle const safes(made(sk_PKCS7_new_null(), "safes"));
  StoreFileHandle const file = file_of(safes);
  auto* const bytes = const_cast<unsigned char*>(salt.data());
  done(PKCS12_setup_mac(file.get(), mac_iterations, bytes, short_salt, EVP_sha256()), "MAC");
  return der_of_store(file.get());
}

std::string damaged_key(std::string const& key_pem, std::size_t at) {
  std::string der = der_of(key_pem);
  der.at(at) = static_cast<char>(der.at(at) ^ 1);
  return pem_of("PRIVATE KEY", der);
}

std::string numbers_of(std::string const& key_pem) {
  BioHandle const bio = writer();
  done(EVP_PKEY_print_private(bio.get(), parsed_key(key_pem).get(), 0, nullptr), "key in words");
  return written(bio);
}

std::string pem_of(std::string const& label, std::string const& der) {
  BioHandle const bio = writer();
  auto const* const bytes = reinterpret_cast<unsigned char const*>(der.data());
  done(PEM_write_bio(bio.get(), label.c_str(), "", bytes, static_cast<long>(der.size())), "PEM");
  return written(bio);
}

}  // namespace certpivot::testing
