#include "crypto/crl.hpp"

#include <algorithm>
#include <utility>

#include <openssl/pem.h>

#include "crypto/der.hpp"
#include "crypto/failure.hpp"
#include "crypto/handle.hpp"
#include "crypto/names.hpp"
#include "crypto/pem.hpp"
#include "crypto/validity.hpp"

namespace certpivot::crypto {
namespace {

using NumberObject = Handle<ASN1_INTEGER, ASN1_INTEGER_free>;
using ScopeHandle = Handle<ISSUING_DIST_POINT, ISSUING_DIST_POINT_free>;
using EnumeratedHandle = Handle<ASN1_ENUMERATED, ASN1_ENUMERATED_free>;

// An entry takes a serial number and a time. Smaller ones are none, and a file full of them would
// cost many times its size.
constexpr long smallest_entry = 20;

/// A walk along the elements of DER, one after the other.
class Elements {
 public:
  explicit Elements(std::string_view der)
      : at_(reinterpret_cast<unsigned char const*>(der.data())), end_(at_ + der.size()) {}

  /// Goes to the next element; false at the end, or where it is no DER.
  bool next() {
    unsigned char const* const begin = at_;
    int type = 0;
    bool const good =
        at_ < end_ &&
        (ASN1_get_object(&at_, &length_, &tag_, &type, static_cast<long>(end_ - at_)) & 0x80) == 0;
    if (!good) return false;
    content_ = at_;
    at_ += length_;
    size_ = static_cast<long>(at_ - begin);
    return true;
  }
  /// Goes on with what is inside of the present element.
  void enter() {
    end_ = at_;
    at_ = content_;
  }
  [[nodiscard]] int tag() const { return tag_; }
  [[nodiscard]] long size() const { return size_; }

 private:
  unsigned char const* at_;
  unsigned char const* end_;
  unsigned char const* content_ = nullptr;
  long length_ = 0;
  long size_ = 0;
  int tag_ = 0;
};

// Of what is no CRL the decoder says what is wrong with it.
bool has_small_entries(std::string_view der) {
  Elements walk(der);
  for (int level = 0; level < 2; ++level) {
    if (!walk.next()) return false;
    walk.enter();
  }
  // version, signature, issuer, thisUpdate and perhaps nextUpdate stand before the entries.
  int sequences = 0;
  while (sequences < 3) {
    if (!walk.next()) return false;
    if (walk.tag() == V_ASN1_SEQUENCE) ++sequences;
  }
  walk.enter();
  bool small = false;
  while (!small && walk.next()) small = walk.size() < smallest_entry;
  forget_failures();
  return small;
}

Result<Crl> decoded_crl(std::string_view der) {
  if (has_small_entries(der)) return fail("cannot decode the CRL", {}, "its entries are none");
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

Result<Crl> read_block(std::string_view block) {
  BioHandle const bio(BIO_new_mem_buf(block.data(), static_cast<int>(block.size())));
  unsigned char* data = nullptr;
  long size = 0;
  if (!bio || PEM_bytes_read_bio(&data, &size, nullptr, PEM_STRING_X509_CRL, bio.get(), nullptr,
                                 nullptr) != 1) {
    return fail_openssl("cannot decode the CRL");
  }
  TextHandle const owner(reinterpret_cast<char*>(data));
  return decoded_crl({owner.get(), static_cast<std::size_t>(size)});
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

std::size_t Crl::count() const {
  // Of null, where the list is left out, it is -1.
  return static_cast<std::size_t>(std::max(sk_X509_REVOKED_num(X509_CRL_get_REVOKED(get())), 0));
}

bool Crl::issued_for(Certificate const& certificate) const {
  return X509_NAME_cmp(X509_CRL_get_issuer(get()), X509_get_issuer_name(certificate.get())) == 0;
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
  if (looks_like_der(bytes)) {
    auto crl = decoded_crl(bytes);
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
    auto crl = read_block(bytes.substr(block.begin, block.size));
    if (!crl) return fail(crl.error());
    crls.push_back(*std::move(crl));
  }
  if (crls.empty()) return fail("cannot use the CRL", {}, "there is none in its file");
  if (mentions_private_key(bytes)) {
    return fail("cannot use the CRL", {}, "a private key stands in its file");
  }
  return crls;
}

std::string to_pem(std::vector<Crl> const& crls) {
  BioHandle const bio(BIO_new(BIO_s_mem()));
  for (Crl const& crl : crls) PEM_write_bio_X509_CRL(bio.get(), crl.get());
  char* data = nullptr;
  long const size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

}  // namespace certpivot::crypto
