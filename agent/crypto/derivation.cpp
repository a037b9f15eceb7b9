#include "crypto/derivation.hpp"

#include <limits>
#include <string>

#include <openssl/err.h>
#include <openssl/pkcs12.h>

#include "crypto/failure.hpp"
#include "crypto/legacy.hpp"

namespace certpivot::crypto {
namespace {

using Pbes2Handle = Handle<PBE2PARAM, PBE2PARAM_free>;
using Pbkdf2Handle = Handle<PBKDF2PARAM, PBKDF2PARAM_free>;
using ScryptHandle = Handle<SCRYPT_PARAMS, SCRYPT_PARAMS_free>;
using Pbes1Handle = Handle<PBEPARAM, PBEPARAM_free>;
using CipherHandle = Handle<EVP_CIPHER, EVP_CIPHER_free>;

constexpr std::uint64_t endless = std::numeric_limits<std::uint32_t>::max();
// An HMAC is two hashes.
constexpr std::uint64_t rounds_of_pbkdf2 = 2;
// What setting one up takes, were it of one iteration.
constexpr std::uint64_t rounds_of_any = 300;
// Times 128 bytes: the 16 MiB of OpenSSL's own default, N = 16,384 and r = 8.
constexpr std::uint64_t most_scrypt_memory = 131'072;

// Capped, so that products of two do not overflow; what is negative or huge counts as endless.
std::uint64_t number(ASN1_INTEGER const* value) {
  std::uint64_t answer = 0;
  if (ASN1_INTEGER_get_uint64(&answer, value) != 1) return endless;
  return answer < endless ? answer : endless;
}

template <class T>
T* unpacked(X509_ALGOR const* algorithm, ASN1_ITEM const* item) {
  return static_cast<T*>(ASN1_TYPE_unpack_sequence(item, algorithm->parameter));
}

tl::unexpected<DecodeFailure> unknown(std::string why) {
  forget_failures();
  return fail_to_decode(DecodeFault::malformed, std::move(why));
}

tl::unexpected<DecodeFailure> too_costly() {
  // A PKCS#12 spends them on its MAC, its key and its certificates: five times what it says.
  return fail_to_decode(DecodeFault::too_large,
                        "its encryption asks for more iterations or memory than is granted",
                        "encrypt it again with at most 40,000 iterations");
}

Decoded<void> spend_scrypt(X509_ALGOR const* derivation, DerivationBudget& budget) {
  ScryptHandle const rules(unpacked<SCRYPT_PARAMS>(derivation, ASN1_ITEM_rptr(SCRYPT_PARAMS)));
  if (!rules) return unknown("its scrypt parameters are damaged");
  std::uint64_t const memory = number(rules->costParameter) * number(rules->blockSize);
  std::uint64_t const lanes = number(rules->parallelizationParameter);
  if (memory > most_scrypt_memory || lanes > most_scrypt_memory) return too_costly();
  return budget.spend(memory * lanes);
}

Decoded<void> spend_pbkdf2(X509_ALGOR const* derivation, DerivationBudget& budget) {
  Pbkdf2Handle const rules(unpacked<PBKDF2PARAM>(derivation, ASN1_ITEM_rptr(PBKDF2PARAM)));
  if (!rules) return unknown("its PBKDF2 parameters are damaged");
  return budget.spend(rounds_of_pbkdf2 * number(rules->iter));
}

Decoded<void> spend_pbes1(X509_ALGOR const* algorithm, DerivationBudget& budget) {
  Pbes1Handle const rules(unpacked<PBEPARAM>(algorithm, ASN1_ITEM_rptr(PBEPARAM)));
  if (!rules) return unknown("the parameters of its encryption are damaged");
  return budget.spend(rules->iter);
}

// The number of the cipher, and its derivation's costs spent.
Decoded<int> cipher_of_pbes2(X509_ALGOR const* algorithm, DerivationBudget& budget) {
  Pbes2Handle const rules(unpacked<PBE2PARAM>(algorithm, ASN1_ITEM_rptr(PBE2PARAM)));
  if (!rules) return unknown("the parameters of its encryption are damaged");
  int const derivation = OBJ_obj2nid(rules->keyfunc->algorithm);
  if (derivation != NID_id_pbkdf2 && derivation != NID_id_scrypt) {
    return unknown("its key derivation is neither PBKDF2 nor scrypt");
  }
  auto const spent = derivation == NID_id_scrypt ? spend_scrypt(rules->keyfunc, budget)
                                                 : spend_pbkdf2(rules->keyfunc, budget);
  if (!spent) return tl::unexpected(spent.error());
  return OBJ_obj2nid(rules->encryption->algorithm);
}

Decoded<int> cipher_of_pbes1(X509_ALGOR const* algorithm, DerivationBudget& budget) {
  int cipher = NID_undef;
  if (EVP_PBE_find(EVP_PBE_TYPE_OUTER, OBJ_obj2nid(algorithm->algorithm), &cipher, nullptr,
                   nullptr) != 1) {
    return unknown("its encryption is unknown to OpenSSL");
  }
  auto const spent = spend_pbes1(algorithm, budget);
  if (!spent) return tl::unexpected(spent.error());
  return cipher;
}

}  // namespace

bool is_legacy(int cipher) {
  CipherHandle const fetched(EVP_CIPHER_fetch(nullptr, OBJ_nid2sn(cipher), nullptr));
  forget_failures();
  return !fetched;
}

Decoded<void> DerivationBudget::spend(std::uint64_t rounds) {
  if (rounds > left_) return too_costly();
  left_ -= rounds;
  return {};
}

Decoded<void> DerivationBudget::spend(ASN1_INTEGER const* rounds) {
  return spend(rounds == nullptr ? 1 : number(rounds));
}

Decoded<OSSL_LIB_CTX*> admit(X509_ALGOR const* algorithm, DerivationBudget& budget) {
  auto const spent = budget.spend(rounds_of_any);
  if (!spent) return tl::unexpected(spent.error());
  auto const cipher = OBJ_obj2nid(algorithm->algorithm) == NID_pbes2
                          ? cipher_of_pbes2(algorithm, budget)
                          : cipher_of_pbes1(algorithm, budget);
  if (!cipher) return tl::unexpected(cipher.error());
  if (*cipher == NID_undef) return unknown("its cipher is unknown to OpenSSL");
  if (!is_legacy(*cipher)) return nullptr;
  OSSL_LIB_CTX* const legacy = legacy_library();
  if (legacy != nullptr) return legacy;
  return fail_to_decode(DecodeFault::malformed,
                        "its cipher " + std::string(OBJ_nid2sn(*cipher)) +
                            " needs OpenSSL's legacy provider, which is not installed",
                        "install it (legacy.so), or encrypt the file again with AES");
}

DecodeFailure not_opened() {
  // What a wrong passphrase leads to is found in a provider or by the decoder.
  bool const lacking = ERR_GET_LIB(ERR_peek_error()) == ERR_LIB_EVP;
  auto const fault = lacking ? DecodeFault::malformed : DecodeFault::wrong_passphrase;
  return {.fault = fault, .why = "its encryption cannot be undone, " + take_failure()};
}

Decoded<void> admit(std::string_view passphrase) {
  static constexpr std::size_t most = 1024;
  if (passphrase.size() <= most) return {};
  return fail_to_decode(DecodeFault::malformed, "its passphrase has more than 1,024 bytes",
                        "encrypt it again with a shorter one");
}

}  // namespace certpivot::crypto
