#include "crypto/key_consistency.hpp"

#include <array>

#include <openssl/core_names.h>
#include <openssl/ec.h>

#include "crypto/failure.hpp"
#include "crypto/handle.hpp"

namespace certpivot::crypto {
namespace {

using SecretNumberHandle = Handle<BIGNUM, BN_clear_free>;
using NumbersHandle = Handle<BN_CTX, BN_CTX_free>;
using GroupHandle = Handle<EC_GROUP, EC_GROUP_free>;
using PointHandle = Handle<EC_POINT, EC_POINT_free>;
using KeyContextHandle = Handle<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;

constexpr char const* mismatch = "its private part does not belong to its public part";

void release_wiped(OSSL_PARAM* all) {
  for (OSSL_PARAM const* one = all; one->key != nullptr; ++one) {
    OPENSSL_cleanse(one->data, one->data_size);
  }
  OSSL_PARAM_free(all);
}
using KeyDataHandle = Handle<OSSL_PARAM, release_wiped>;

// Null where the key has no such number.
SecretNumberHandle number_in(KeyDataHandle const& data, char const* name) {
  BIGNUM* number = nullptr;
  OSSL_PARAM const* const found = OSSL_PARAM_locate_const(data.get(), name);
  if (found != nullptr) OSSL_PARAM_get_BN(found, &number);
  return SecretNumberHandle(number);
}

/// An RSA private key as RFC 8017 section 3.2 has it, in its second form.
struct RsaNumbers {
  explicit RsaNumbers(KeyDataHandle const& data)
      : n(number_in(data, OSSL_PKEY_PARAM_RSA_N)),
        e(number_in(data, OSSL_PKEY_PARAM_RSA_E)),
        d(number_in(data, OSSL_PKEY_PARAM_RSA_D)),
        p(number_in(data, OSSL_PKEY_PARAM_RSA_FACTOR1)),
        q(number_in(data, OSSL_PKEY_PARAM_RSA_FACTOR2)),
        p_exponent(number_in(data, OSSL_PKEY_PARAM_RSA_EXPONENT1)),
        q_exponent(number_in(data, OSSL_PKEY_PARAM_RSA_EXPONENT2)),
        q_inverse(number_in(data, OSSL_PKEY_PARAM_RSA_COEFFICIENT1)) {}

  [[nodiscard]] bool complete() const {
    return n && e && d && p && q && p_exponent && q_exponent && q_inverse;
  }

  SecretNumberHandle n, e, d, p, q, p_exponent, q_exponent, q_inverse;
};

// e · x = 1 and d = x, both modulo the prime less one.
bool exponent_fits(BIGNUM const* prime, BIGNUM const* x, RsaNumbers const& key, BN_CTX* context) {
  SecretNumberHandle const less_one(BN_dup(prime));
  SecretNumberHandle const result(BN_new());
  return less_one && result && BN_sub_word(less_one.get(), 1) == 1 &&
         BN_mod_mul(result.get(), key.e.get(), x, less_one.get(), context) == 1 &&
         BN_is_one(result.get()) == 1 &&
         BN_nnmod(result.get(), key.d.get(), less_one.get(), context) == 1 &&
         BN_cmp(result.get(), x) == 0;
}

// The rest of RFC 8017's equations; whether p and q are primes is the certificate's matter, whose
// modulus is their product.
bool factors_fit(RsaNumbers const& key, BN_CTX* context) {
  SecretNumberHandle const result(BN_new());
  return result && BN_mul(result.get(), key.p.get(), key.q.get(), context) == 1 &&
         BN_cmp(result.get(), key.n.get()) == 0 &&
         BN_mod_mul(result.get(), key.q_inverse.get(), key.q.get(), key.p.get(), context) == 1 &&
         BN_is_one(result.get()) == 1;
}

std::string inconsistency_of_rsa(EVP_PKEY* key) {
  OSSL_PARAM* all = nullptr;
  if (EVP_PKEY_todata(key, EVP_PKEY_KEYPAIR, &all) != 1) return take_failure();
  KeyDataHandle const data(all);
  if (OSSL_PARAM_locate_const(data.get(), OSSL_PKEY_PARAM_RSA_FACTOR3) != nullptr) {
    return "it has more than two primes, which TLS servers do not expect";
  }
  RsaNumbers const numbers(data);
  if (!numbers.complete()) return "its primes are missing";
  NumbersHandle const context(BN_CTX_secure_new());
  bool const fits =
      context && factors_fit(numbers, context.get()) &&
      exponent_fits(numbers.p.get(), numbers.p_exponent.get(), numbers, context.get()) &&
      exponent_fits(numbers.q.get(), numbers.q_exponent.get(), numbers, context.get());
  return fits ? "" : mismatch;
}

// A curve that is spelled out rather than named: OpenSSL's own check, which takes longer.
bool pairwise_consistent(EVP_PKEY* key) {
  KeyContextHandle const context(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
  return context && EVP_PKEY_pairwise_check(context.get()) == 1;
}

int curve_of(EVP_PKEY const* key) {
  std::array<char, 80> name{};
  if (EVP_PKEY_get_group_name(key, name.data(), name.size(), nullptr) != 1) return NID_undef;
  return OBJ_txt2nid(name.data());
}

// Whether the private number times the curve's base point is the public point.
bool point_fits(EVP_PKEY const* key, EC_GROUP const* group) {
  // Two coordinates of the largest curve that OpenSSL takes (661 bits), and the form's byte.
  std::array<unsigned char, 2 * 83 + 1> bytes{};
  std::size_t size = 0;
  BIGNUM* number = nullptr;
  EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_PRIV_KEY, &number);
  SecretNumberHandle const secret(number);
  PointHandle const expected(EC_POINT_new(group));
  PointHandle const actual(EC_POINT_new(group));
  return secret && expected && actual &&
         EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, bytes.data(), bytes.size(),
                                         &size) == 1 &&
         EC_POINT_oct2point(group, expected.get(), bytes.data(), size, nullptr) == 1 &&
         EC_POINT_mul(group, actual.get(), secret.get(), nullptr, nullptr, nullptr) == 1 &&
         EC_POINT_cmp(group, actual.get(), expected.get(), nullptr) == 0;
}

std::string inconsistency_of_ec(EVP_PKEY* key) {
  GroupHandle const group(EC_GROUP_new_by_curve_name(curve_of(key)));
  bool const fits = group ? point_fits(key, group.get()) : pairwise_consistent(key);
  forget_failures();
  return fits ? "" : mismatch;
}

}  // namespace

// The public part of all other kinds is computed from the private one when they are decoded.
std::string inconsistency_of(EVP_PKEY* key) {
  switch (EVP_PKEY_get_base_id(key)) {
    case EVP_PKEY_RSA:
    case EVP_PKEY_RSA_PSS:
      return inconsistency_of_rsa(key);
    case EVP_PKEY_EC:
    case EVP_PKEY_SM2:
      return inconsistency_of_ec(key);
    default:
      return {};
  }
}

}  // namespace certpivot::crypto
