#include "crypto/pkcs12.hpp"

#include <cstring>
#include <string>
#include <utility>

#include "crypto/certificate.hpp"
#include "crypto/derivation.hpp"
#include "crypto/failure.hpp"
#include "crypto/pkcs12_handles.hpp"
#include "crypto/pkcs8.hpp"
#include "crypto/private_key.hpp"

namespace certpivot::crypto {
namespace {

constexpr std::size_t most_certificates = 40;
// Decoded, a file of small objects takes twenty times its size.
constexpr std::size_t most_pkcs12_bytes = std::size_t{256} * 1024;

tl::unexpected<DecodeFailure> malformed(std::string why, std::string remedy = {}) {
  forget_failures();
  return fail_to_decode(DecodeFault::malformed, std::move(why), std::move(remedy));
}

tl::unexpected<DecodeFailure> does_not_open() { return tl::unexpected(not_opened()); }

// Of a safe of the type NID_pkcs7_encrypted.
PKCS7_ENC_CONTENT const* encrypted_content(PKCS7 const* safe) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-union-access): OpenSSL has no function for it
  PKCS7_ENCRYPT const* const encrypted = safe->d.encrypted;
  return encrypted != nullptr ? encrypted->enc_data : nullptr;
}

/// One way through a file, with what it came upon. PKCS12_parse(3) would pass over a second key,
/// and derive whatever it is asked to.
class Pkcs12Walk {
 public:
  explicit Pkcs12Walk(std::string_view passphrase) : passphrase_(passphrase) {}

  Decoded<void> through(PKCS12* file);
  /// Key and certificates, where there are both.
  [[nodiscard]] Decoded<Secret> pem() const;

 private:
  Decoded<void> check_integrity(PKCS12* file);
  Decoded<BagsHandle> open(PKCS7* safe);
  Decoded<void> take(PKCS12_SAFEBAG* bag);
  Decoded<void> take_key(PKCS12_SAFEBAG* bag);
  Decoded<void> take_certificate(PKCS12_SAFEBAG* bag);
  [[nodiscard]] bool fits(PKCS12* file) const {
    return PKCS12_verify_mac(file, passphrase_.data(), static_cast<int>(passphrase_.size())) == 1;
  }

  std::string_view passphrase_;
  DerivationBudget budget_ = {};
  std::optional<PrivateKey> key_ = {};
  std::size_t certificates_ = 0;
  std::string certificates_pem_ = {};
};

// An empty passphrase is two zero bytes to some programs and nothing at all to others.
Decoded<void> Pkcs12Walk::check_integrity(PKCS12* file) {
  if (PKCS12_mac_present(file) != 1) return {};
  X509_ALGOR const* algorithm = nullptr;
  ASN1_INTEGER const* iterations = nullptr;
  PKCS12_get0_mac(nullptr, &algorithm, nullptr, &iterations, file);
  if (EVP_get_digestbyobj(algorithm->algorithm) == nullptr) {
    return malformed("the kind of its MAC is unknown", "write it with HMAC and SHA-256");
  }
  auto spent = budget_.spend(iterations);
  if (!spent) return spent;
  if (fits(file)) return {};
  if (!passphrase_.empty()) return does_not_open();
  passphrase_ = passphrase_.data() == nullptr ? std::string_view("") : std::string_view();
  auto again = budget_.spend(iterations);
  if (!again) return again;
  if (fits(file)) return {};
  return does_not_open();
}

// The bags of one safe, decrypted where need be.
Decoded<BagsHandle> Pkcs12Walk::open(PKCS7* safe) {
  int const kind = OBJ_obj2nid(safe->type);
  if (kind == NID_pkcs7_data) {
    BagsHandle bags(PKCS12_unpack_p7data(safe));
    if (!bags) return malformed("its content is damaged");
    return bags;
  }
  if (kind != NID_pkcs7_encrypted) {
    return malformed("it is encrypted by a certificate rather than by a passphrase");
  }
  PKCS7_ENC_CONTENT const* const content = encrypted_content(safe);
  if (content == nullptr || content->enc_data == nullptr)
    return malformed("its content is missing");
  auto const library = admit(content->algorithm, budget_);
  if (!library) return tl::unexpected(library.error());
  BagsHandle bags(static_cast<STACK_OF(PKCS12_SAFEBAG)*>(PKCS12_item_decrypt_d2i_ex(
      content->algorithm, ASN1_ITEM_rptr(PKCS12_SAFEBAGS), passphrase_.data(),
      static_cast<int>(passphrase_.size()), content->enc_data, 1, *library, nullptr)));
  if (!bags) return does_not_open();
  return bags;
}

Decoded<void> Pkcs12Walk::take_key(PKCS12_SAFEBAG* bag) {
  if (key_) return malformed("it holds two private keys", "leave the certificate's own");
  auto key = PKCS12_SAFEBAG_get_nid(bag) == NID_keyBag
                 ? decode_key(PKCS12_SAFEBAG_get0_p8inf(bag))
                 : decrypt_key(PKCS12_SAFEBAG_get0_pkcs8(bag), passphrase_, budget_);
  if (!key) return tl::unexpected(std::move(key.error()));
  key_ = *std::move(key);
  return {};
}

Decoded<void> Pkcs12Walk::take_certificate(PKCS12_SAFEBAG* bag) {
  if (PKCS12_SAFEBAG_get_bag_nid(bag) != NID_x509Certificate) return {};
  if (++certificates_ > most_certificates) {
    return fail_to_decode(DecodeFault::too_large, "it holds more than 40 certificates");
  }
  CertificateHandle certificate(PKCS12_SAFEBAG_get1_cert(bag));
  std::string const pem =
      certificate ? Certificate(std::shared_ptr<X509>(std::move(certificate))).pem() : "";
  if (pem.empty()) {
    return malformed("its certificate number " + std::to_string(certificates_) + " is damaged");
  }
  certificates_pem_ += pem;
  return {};
}

// Bags of other kinds (CRLs, secrets, bags in bags) are no business of a server's.
Decoded<void> Pkcs12Walk::take(PKCS12_SAFEBAG* bag) {
  switch (PKCS12_SAFEBAG_get_nid(bag)) {
    case NID_keyBag:
    case NID_pkcs8ShroudedKeyBag:
      return take_key(bag);
    case NID_certBag:
      return take_certificate(bag);
    default:
      return {};
  }
}

Decoded<void> Pkcs12Walk::through(PKCS12* file) {
  auto whole = check_integrity(file);
  if (!whole) return whole;
  SafesHandle const safes(PKCS12_unpack_authsafes(file));
  if (!safes) return malformed("its content is damaged");
  for (int i = 0; i < sk_PKCS7_num(safes.get()); ++i) {
    auto const bags = open(sk_PKCS7_value(safes.get(), i));
    if (!bags) return tl::unexpected(bags.error());
    for (int j = 0; j < sk_PKCS12_SAFEBAG_num(bags->get()); ++j) {
      auto taken = take(sk_PKCS12_SAFEBAG_value(bags->get(), j));
      if (!taken) return taken;
    }
  }
  return {};
}

Decoded<Secret> Pkcs12Walk::pem() const {
  if (!key_) return malformed("it holds no private key");
  if (certificates_ == 0) return malformed("it holds no certificate");
  auto const key = key_->pem();
  if (!key) return malformed(key.error().text());
  Secret both(key->size() + certificates_pem_.size());
  std::memcpy(both.bytes().data(), key->bytes().data(), key->size());
  std::memcpy(both.bytes().data() + key->size(), certificates_pem_.data(),
              certificates_pem_.size());
  return both;
}

}  // namespace

Decoded<Secret> pem_of_pkcs12(std::string_view der, std::optional<std::string_view> passphrase) {
  if (der.size() > most_pkcs12_bytes) {
    return fail_to_decode(DecodeFault::too_large, "no PKCS#12 of a server has more than 256 KiB");
  }
  auto const* data = reinterpret_cast<unsigned char const*>(der.data());
  StoreFileHandle const file(d2i_PKCS12(nullptr, &data, static_cast<long>(der.size())));
  if (!file)
    return fail_to_decode(DecodeFault::malformed, "its PKCS#12 is damaged: " + take_failure());
  if (data != reinterpret_cast<unsigned char const*>(der.data() + der.size())) {
    return malformed("something follows its PKCS#12");
  }
  if (auto const fit = admit(passphrase.value_or("")); !fit) return tl::unexpected(fit.error());
  Pkcs12Walk walk(passphrase.value_or(std::string_view()));
  auto done = walk.through(file.get());
  if (done) return walk.pem();
  if (!passphrase && done.error().fault == DecodeFault::wrong_passphrase) {
    return fail_to_decode(DecodeFault::encrypted, "an empty passphrase does not open it");
  }
  return tl::unexpected(std::move(done.error()));
}

}  // namespace certpivot::crypto
