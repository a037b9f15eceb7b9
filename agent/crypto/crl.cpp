#include "crypto/crl.hpp"

#include <algorithm>
#include <utility>

#include <openssl/pem.h>

#include "crypto/decoded_size.hpp"
#include "crypto/der.hpp"
#include "crypto/failure.hpp"
#include "crypto/handle.hpp"
#include "crypto/names.hpp"
#include "crypto/pem.hpp"
#include "crypto/pem_content.hpp"
#include "crypto/validity.hpp"

namespace certpivot::crypto {
namespace {

using NumberObject = Handle<ASN1_INTEGER, ASN1_INTEGER_free>;
using ScopeHandle = Handle<ISSUING_DIST_POINT, ISSUING_DIST_POINT_free>;
using EnumeratedHandle = Handle<ASN1_ENUMERATED, ASN1_ENUMERATED_free>;

Result<Crl> decoded_crl(std::string_view der, DecodingRoom& room) {
  if (!room.take(decoded_size_of_crl(der))) {
    return fail("cannot decode the CRL", {},
                "it has so many small parts that it would take many times its size");
  }
  auto const* at = reinterpret_cast<unsigned char const*>(der.data());
  auto const* const end = at + der.size();
  CrlHandle handle(d2i_X509_CRL(nullptr, &at, static_cast<long>(der.size())));
  if (!handle) return fail_openssl("cannot decode the CRL");
  // Once converted, the rest would be lost without a word.
  if (at != end) return fail("cannot decode the CRL", {}, "more follows behind it");
  ASN1_TIME const* const next = X509_CRL_get0_nextUpdate(handle.get());
  if (!wall_time(X509_CRL_get0_lastUpdate(handle.get())) || (next != nullptr && !wall_time(next))) {
    return fail("cannot decode the CRL", {}, "its times are none");
  }
  return Crl(std::shared_ptr<X509_CRL>(std::move(handle)));
}

Result<Crl> read_block(std::string_view block, DecodingRoom& room) {
  auto const content = decode_public_pem(block, PEM_STRING_X509_CRL, "cannot decode the CRL");
  if (!content) return fail(content.error());
  return decoded_crl(content->der, room);
}

}  // namespace

std::string Crl::issuer() const { return text_of(X509_CRL_get_issuer(get())); }

// read_crls has made sure that both can be told.
WallTime Crl::this_update() const {
  return wall_time(X509_CRL_get0_lastUpdate(get())).value_or(WallTime::max());
}
std::optional<WallTime> Crl::next_update() const {
  return wall_time(X509_CRL_get0_nextUpdate(get()));
}

std::string Crl::number() const {
  NumberObject const object(
      static_cast<ASN1_INTEGER*>(X509_CRL_get_ext_d2i(get(), NID_crl_number, nullptr, nullptr)));
  NumberHandle const number(object ? ASN1_INTEGER_to_BN(object.get(), nullptr) : nullptr);
  TextHandle const hex(number ? BN_bn2hex(number.get()) : nullptr);
  forget_failures();
  return hex ? hex.get() : "";
}

bool Crl::is_delta() const { return X509_CRL_get_ext_by_NID(get(), NID_delta_crl, -1) >= 0; }

std::string Crl::limitation() const {
  ScopeHandle const point(static_cast<ISSUING_DIST_POINT*>(
      X509_CRL_get_ext_d2i(get(), NID_issuing_distribution_point, nullptr, nullptr)));
  forget_failures();
  if (!point) return {};
  if (point->indirectCRL > 0) return "is an indirect CRL";
  return point->onlysomereasons != nullptr ? "is for some reasons only" : "";
}

std::string Crl::scope() const {
  int const at = X509_CRL_get_ext_by_NID(get(), NID_issuing_distribution_point, -1);
  if (at < 0) return {};
  ASN1_OCTET_STRING const* const value = X509_EXTENSION_get_data(X509_CRL_get_ext(get(), at));
  return {reinterpret_cast<char const*>(ASN1_STRING_get0_data(value)),
          static_cast<std::size_t>(ASN1_STRING_length(value))};
}

std::size_t Crl::count() const {
  // Of null, where the list is left out, it is -1.
  return static_cast<std::size_t>(std::max(sk_X509_REVOKED_num(X509_CRL_get_REVOKED(get())), 0));
}

bool Crl::issued_for(Certificate const& certificate) const {
  return X509_NAME_cmp(X509_CRL_get_issuer(get()), X509_get_issuer_name(certificate.get())) == 0;
}

bool Crl::bears_name_of(Certificate const& authority) const {
  return X509_NAME_cmp(X509_CRL_get_issuer(get()), X509_get_subject_name(authority.get())) == 0;
}

bool Crl::signed_by(Certificate const& authority) const {
  EVP_PKEY* const key = X509_get0_pubkey(authority.get());
  bool const verified = key != nullptr && X509_CRL_verify(get(), key) == 1;
  forget_failures();
  return verified;
}

std::optional<Revoked> Crl::entry_of(Certificate const& certificate) const {
  X509_REVOKED* entry = nullptr;
  if (X509_CRL_get0_by_cert(get(), &entry, certificate.get()) != 1) return {};
  EnumeratedHandle const reason(static_cast<ASN1_ENUMERATED*>(
      X509_REVOKED_get_ext_d2i(entry, NID_crl_reason, nullptr, nullptr)));
  forget_failures();
  return Revoked{wall_time(X509_REVOKED_get0_revocationDate(entry)),
                 reason ? reason_in_words(ASN1_ENUMERATED_get(reason.get())) : ""};
}

Result<std::vector<Crl>> read_crls(std::string_view bytes) {
  DecodingRoom room(bytes.size());
  if (looks_like_der(bytes)) {
    auto crl = decoded_crl(bytes, room);
    if (!crl) return fail(crl.error());
    return std::vector<Crl>{*std::move(crl)};
  }
  auto const blocks = pem_blocks(bytes);
  if (!blocks) return fail("cannot use the CRL", {}, blocks.error().what);
  std::vector<Crl> crls;
  for (PemBlock const& block : *blocks) {
    if (block.label != PEM_STRING_X509_CRL) {
      return fail("cannot use the CRL", {}, "a PEM block of another kind stands in its file");
    }
    auto crl = read_block(bytes.substr(block.begin, block.size), room);
    if (!crl) return fail(crl.error());
    crls.push_back(*std::move(crl));
  }
  if (crls.empty()) return fail("cannot use the CRL", {}, "there is none in its file");
  if (mentions_private_key(bytes)) {
    return fail("cannot use the CRL", {}, "a private key stands in its file");
  }
  if (is_binary(bytes)) return fail("cannot use the CRL", {}, "something binary stands beside it");
  return crls;
}

Result<std::string> to_pem(std::vector<Crl> const& crls) {
  std::string text;
  for (Crl const& crl : crls) {
    unsigned char* data = nullptr;
    int const size = i2d_X509_CRL(crl.get(), &data);
    TextHandle const der(reinterpret_cast<char*>(data));
    if (size <= 0) return fail_openssl("cannot encode the CRL");
    auto const pem = pem_of(PEM_STRING_X509_CRL, {der.get(), static_cast<std::size_t>(size)});
    if (!pem) return fail(pem.error());
    text += pem->view();
  }
  return text;
}

}  // namespace certpivot::crypto
