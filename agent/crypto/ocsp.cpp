#include "crypto/ocsp.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <openssl/rand.h>

#include "base/units.hpp"
#include "crypto/failure.hpp"
#include "crypto/handle.hpp"
#include "crypto/names.hpp"
#include "crypto/validity.hpp"

namespace certpivot::crypto {
namespace {

constexpr std::size_t nonce_size = 32;  // the largest of RFC 8954
constexpr auto longest_without_next = std::chrono::hours(24);

tl::unexpected<Error> unreliable(std::string why, std::string remedy = "tell the CA") {
  return fail("the OCSP response cannot be relied on", {}, std::move(why), std::move(remedy));
}

CertificateIdHandle id_of(Certificate const& certificate, Certificate const& issuer) {
  return CertificateIdHandle(OCSP_cert_to_id(EVP_sha1(), certificate.get(), issuer.get()));
}

Result<BasicResponseHandle> decoded(std::string_view response) {
  auto const* at = reinterpret_cast<unsigned char const*>(response.data());
  OcspResponseHandle const whole(
      d2i_OCSP_RESPONSE(nullptr, &at, static_cast<long>(response.size())));
  if (!whole) return unreliable("it cannot be decoded, " + take_failure());
  int const status = OCSP_response_status(whole.get());
  if (status != OCSP_RESPONSE_STATUS_SUCCESSFUL) {
    return fail("the OCSP responder reports", {}, OCSP_response_status_str(status),
                "try again later, or tell the CA");
  }
  BasicResponseHandle basic(OCSP_response_get1_basic(whole.get()));
  if (!basic) return unreliable("it cannot be decoded, " + take_failure());
  return basic;
}

// A nonce is chosen by whoever asks: with a digest that collides (RFC 6194, RFC 6151) the answer to
// one request can be made to pass for another one.
bool has_weak_digest(X509_ALGOR const* algorithm) {
  int digest = NID_undef;
  OBJ_find_sigid_algs(OBJ_obj2nid(algorithm->algorithm), &digest, nullptr);
  return digest == NID_sha1 || digest == NID_md5;
}

// What makes a certificate that of a responder which the issuer stands for (section 4.2.2.2). Its
// own revocation is not asked for: that leads in a circle, and who signs with it may say anything.
Result<void> check_delegate(X509* signer, Certificate const& issuer, WallTime now) {
  std::string const subject = text_of(X509_get_subject_name(signer));
  bool const certified =
      X509_NAME_cmp(X509_get_issuer_name(signer), X509_get_subject_name(issuer.get())) == 0 &&
      X509_verify(signer, X509_get0_pubkey(issuer.get())) == 1;
  forget_failures();
  if (!certified) {
    return unreliable("it is signed by " + subject + ", which " + issuer.subject() +
                      " did not certify");
  }
  bool const for_ocsp = (X509_get_extension_flags(signer) & EXFLAG_XKUSAGE) != 0 &&
                        (X509_get_extended_key_usage(signer) & XKU_OCSP_SIGN) != 0;
  if (!for_ocsp) {
    return unreliable("it is signed by " + subject + ", which may not sign OCSP responses");
  }
  auto const from = wall_time(X509_get0_notBefore(signer));
  auto const until = wall_time(X509_get0_notAfter(signer));
  if (!from || !until || now < *from || *until <= now) {
    return unreliable("it is signed by " + subject + ", whose certificate is not valid now",
                      "check the clock, or tell the CA");
  }
  return {};
}

Result<void> check_signature(OCSP_BASICRESP* response, Certificate const& issuer, WallTime now) {
  BorrowedCertificatesHandle const known(sk_X509_new_null());
  if (!known || sk_X509_push(known.get(), issuer.get()) <= 0) return unreliable(take_failure());
  if (has_weak_digest(OCSP_resp_get0_tbs_sigalg(response))) {
    return unreliable("it is signed with SHA-1 or MD5", "have the responder sign with SHA-256");
  }
  // The signature alone: OpenSSL would judge the signer's chain by the real clock.
  if (OCSP_basic_verify(response, known.get(), nullptr, OCSP_NOVERIFY) != 1) {
    return unreliable("its signature does not hold, " + take_failure());
  }
  X509* signer = nullptr;
  if (OCSP_resp_get0_signer(response, &signer, known.get()) != 1) {
    return unreliable("its signer is not known, " + take_failure());
  }
  if (X509_cmp(signer, issuer.get()) == 0) return {};
  return check_delegate(signer, issuer, now);
}

bool is_printable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char one) { return one > ' ' && one < '\x7f'; });
}

struct Found {
  int status = V_OCSP_CERTSTATUS_UNKNOWN;
  OcspStatus told = {};
};

Result<Found> find_status(OCSP_BASICRESP* response, OCSP_CERTID* id) {
  int status = 0;
  int reason = 0;
  ASN1_GENERALIZEDTIME* at = nullptr;
  ASN1_GENERALIZEDTIME* from = nullptr;
  ASN1_GENERALIZEDTIME* until = nullptr;
  if (OCSP_resp_find_status(response, id, &status, &reason, &at, &from, &until) != 1) {
    forget_failures();
    return unreliable("it is about another certificate");
  }
  auto const this_update = wall_time(from);
  auto const next_update = wall_time(until);
  if (!this_update || (until != nullptr && !next_update)) {
    return unreliable("its times are none");
  }
  Found found{status, {{}, *this_update, next_update}};
  if (status == V_OCSP_CERTSTATUS_REVOKED) {
    found.told.revoked = Revoked{wall_time(at), reason < 0 ? "" : reason_in_words(reason)};
  }
  return found;
}

Result<void> check_freshness(OcspStatus const& status, WallTime now, Duration skew) {
  if (now + skew < status.this_update) {
    return unreliable("it is not valid before " + to_rfc3339_seconds(status.this_update),
                      "check the clock");
  }
  bool const stale = status.next_update ? *status.next_update <= now
                                        : status.this_update + longest_without_next < now;
  if (!stale) return {};
  return unreliable("it is stale, from " + to_rfc3339_seconds(status.this_update),
                    "check the clock, or tell the CA");
}

}  // namespace

Result<OcspRequest> OcspRequest::make(Certificate const& certificate, Certificate const& issuer) {
  OcspRequestHandle request(OCSP_REQUEST_new());
  CertificateIdHandle id = id_of(certificate, issuer);
  if (!request || !id || OCSP_request_add0_id(request.get(), id.get()) == nullptr) {
    return fail_openssl("cannot make an OCSP request");
  }
  static_cast<void>(id.release());  // the request's now
  std::array<unsigned char, nonce_size> nonce{};
  if (RAND_bytes(nonce.data(), nonce.size()) != 1 ||
      OCSP_request_add1_nonce(request.get(), nonce.data(), nonce.size()) != 1) {
    return fail_openssl("cannot make an OCSP request");
  }
  return OcspRequest(std::shared_ptr<OCSP_REQUEST>(std::move(request)), certificate, issuer);
}

std::string OcspRequest::der() const {
  int const size = i2d_OCSP_REQUEST(request_.get(), nullptr);
  if (size <= 0) throw_failure("cannot encode the OCSP request");
  std::string der(static_cast<std::size_t>(size), '\0');
  auto* at = reinterpret_cast<unsigned char*>(der.data());
  i2d_OCSP_REQUEST(request_.get(), &at);
  return der;
}

Result<OcspStatus> OcspRequest::read(std::string_view response, WallTime now, Duration skew) const {
  auto const basic = decoded(response);
  if (!basic) return fail(basic.error());
  if (OCSP_check_nonce(request_.get(), basic->get()) == 0) {
    return unreliable("it answers another request, its nonce is not ours");
  }
  if (auto const good = check_signature(basic->get(), issuer_, now); !good) {
    return fail(good.error());
  }
  CertificateIdHandle const id = id_of(certificate_, issuer_);
  if (!id) return unreliable(take_failure());
  auto found = find_status(basic->get(), id.get());
  if (!found) return fail(found.error());
  if (found->status == V_OCSP_CERTSTATUS_REVOKED) return std::move(found->told);
  if (auto const fresh = check_freshness(found->told, now, skew); !fresh) {
    return fail(fresh.error());
  }
  if (found->status != V_OCSP_CERTSTATUS_GOOD) {
    return fail("the OCSP responder does not know the certificate", {}, {},
                "have the CA tell its responder about it");
  }
  return std::move(found->told);
}

std::string responder_of(Certificate const& certificate) {
  Handle<STACK_OF(OPENSSL_STRING), X509_email_free> const urls(X509_get1_ocsp(certificate.get()));
  for (int i = 0; i < sk_OPENSSL_STRING_num(urls.get()); ++i) {
    std::string url = sk_OPENSSL_STRING_value(urls.get(), i);
    if (url.starts_with("http://") && is_printable(url)) return url;
  }
  return {};
}

}  // namespace certpivot::crypto
