#include "crypto/pkcs12_writer.hpp"

#include <algorithm>

#include "crypto/failure.hpp"
#include "crypto/pkcs12_handles.hpp"

namespace certpivot::crypto {
namespace {

constexpr int iterations = 10'000;
constexpr int no_mac = -1;

/// OpenSSL's names of the algorithms. Those of `legacy` are in its default provider: RC2-40, which
/// Windows once wrote for certificates, is not, and whoever reads it reads 3DES too.
struct Choice {
  int encryption;
  EVP_MD const* mac;
};
Choice choice_of(KeystoreAlgorithms algorithms) {
  if (algorithms == KeystoreAlgorithms::legacy)
    return {NID_pbe_WithSHA1And3_Key_TripleDES_CBC, EVP_sha1()};
  return {NID_aes_256_cbc, EVP_sha256()};
}

/// As OpenSSL takes it, with a zero byte at its end.
Secret terminated(std::string_view passphrase) {
  Secret text(passphrase.size() + 1);
  auto const bytes = std::as_bytes(std::span(passphrase.data(), passphrase.size()));
  std::copy(bytes.begin(), bytes.end(), text.bytes().begin());
  return text;
}

/// The certificates above the leaf; the list owns none of them.
BorrowedCertificatesHandle issuers_of(KeystoreEntry const& entry) {
  BorrowedCertificatesHandle issuers(sk_X509_new_null());
  for (std::size_t at = 1; at < entry.chain.size(); ++at)
    sk_X509_push(issuers.get(), entry.chain[at].get());
  return issuers;
}

}  // namespace

Result<Secret> write_pkcs12(KeystoreEntry const& entry, std::string_view passphrase,
                            KeystoreAlgorithms algorithms) {
  Choice const choice = choice_of(algorithms);
  Secret const secret = terminated(passphrase);
  char const* const text = secret.view().data();
  auto const issuers = issuers_of(entry);
  StoreFileHandle const store(
      PKCS12_create(text, entry.alias.c_str(), entry.key.get(), entry.chain.front().get(),
                    issuers.get(), choice.encryption, choice.encryption, iterations, no_mac, 0));
  bool const sealed =
      store && PKCS12_set_mac(store.get(), text, -1, nullptr, 0, iterations, choice.mac) == 1;
  int const size = sealed ? i2d_PKCS12(store.get(), nullptr) : -1;
  if (size <= 0) return fail_openssl("cannot encode the keystore");
  Secret der(static_cast<std::size_t>(size));
  auto* end = reinterpret_cast<unsigned char*>(der.bytes().data());
  i2d_PKCS12(store.get(), &end);
  return der;
}

}  // namespace certpivot::crypto
