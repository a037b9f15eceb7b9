#include "support/ocsp_response.hpp"

#include <array>

#include <openssl/err.h>

#include "support/openssl.hpp"

namespace certpivot::testing {
namespace {

using namespace certpivot::crypto;

using TimeHandle = Handle<ASN1_TIME, ASN1_TIME_free>;

TimeHandle moment(WallTime time) {
  return TimeHandle(made(ASN1_GENERALIZEDTIME_set(nullptr, seconds(time)), "time"));
}

std::string der_of_response(OCSP_RESPONSE* response) {
  unsigned char* data = nullptr;
  int const size = i2d_OCSP_RESPONSE(response, &data);
  done(size, "OCSP response");
  std::string der(reinterpret_cast<char const*>(data), static_cast<std::size_t>(size));
  OPENSSL_free(data);
  return der;
}

void add_status(OCSP_BASICRESP* basic, OCSP_CERTID* id, OcspResponse const& options) {
  bool const revoked = options.status == OcspResponse::Status::revoked;
  int const status = revoked                                           ? V_OCSP_CERTSTATUS_REVOKED
                     : options.status == OcspResponse::Status::unknown ? V_OCSP_CERTSTATUS_UNKNOWN
                                                                       : V_OCSP_CERTSTATUS_GOOD;
  auto const at = moment(from_now(std::chrono::hours(-2)));
  auto const from = moment(options.this_update.value_or(from_now(std::chrono::minutes(-1))));
  auto const until = moment(options.next_update.value_or(from_now(std::chrono::hours(1))));
  made(OCSP_basic_add1_status(basic, id, status, OCSP_REVOKED_STATUS_KEYCOMPROMISE,
                              revoked ? at.get() : nullptr, from.get(),
                              options.without_next_update ? nullptr : until.get()),
       "status");
}

void add_nonce(OCSP_BASICRESP* basic, OCSP_REQUEST* request, OcspResponse::Nonce nonce) {
  std::array<unsigned char, 16> other{};
  if (nonce == OcspResponse::Nonce::same) done(OCSP_copy_nonce(basic, request), "nonce");
  if (nonce == OcspResponse::Nonce::other)
    done(OCSP_basic_add1_nonce(basic, other.data(), other.size()), "nonce");
}

}  // namespace

std::string ocsp_response(std::string const& request, Authority const& issuer,
                          OcspResponse const& options) {
  if (options.failure != 0) {
    OcspResponseHandle const failed(
        made(OCSP_response_create(options.failure, nullptr), "failure"));
    return der_of_response(failed.get());
  }
  auto const* at = reinterpret_cast<unsigned char const*>(request.data());
  OcspRequestHandle const asked(
      made(d2i_OCSP_REQUEST(nullptr, &at, static_cast<long>(request.size())), "OCSP request"));
  CertificateHandle const authority = parsed_certificate(issuer.pem());
  BasicResponseHandle const basic(made(OCSP_BASICRESP_new(), "OCSP response"));
  OCSP_CERTID* id = OCSP_onereq_get0_id(OCSP_request_onereq_get0(asked.get(), 0));
  CertificateIdHandle const other(
      options.about.empty()
          ? nullptr
          : OCSP_cert_to_id(EVP_sha1(), parsed_certificate(options.about).get(), authority.get()));
  add_status(basic.get(), other ? other.get() : id, options);
  add_nonce(basic.get(), asked.get(), options.nonce);
  auto const signer = options.signed_by != nullptr ? parsed_certificate(options.signed_by->leaf_pem)
                                                   : parsed_certificate(issuer.pem());
  auto const key =
      parsed_key(options.signed_by != nullptr ? options.signed_by->key_pem : issuer.key_pem());
  done(OCSP_basic_sign(basic.get(), signer.get(), key.get(),
                       options.with_sha1 ? EVP_sha1() : EVP_sha256(), nullptr, 0),
       "signature");
  OcspResponseHandle const response(
      made(OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, basic.get()), "OCSP response"));
  return der_of_response(response.get());
}

std::string response_signed_again(std::string_view der, std::string_view signer_pem) {
  auto const* at = reinterpret_cast<unsigned char const*>(der.data());
  OcspResponseHandle const response(d2i_OCSP_RESPONSE(nullptr, &at, static_cast<long>(der.size())));
  BasicResponseHandle const basic(response ? OCSP_response_get1_basic(response.get()) : nullptr);
  std::string const pem(signer_pem);
  bool const good =
      basic && OCSP_basic_sign(basic.get(), parsed_certificate(pem).get(), parsed_key(pem).get(),
                               EVP_sha256(), nullptr, OCSP_NOTIME) == 1;
  ERR_clear_error();
  if (!good) return {};
  OcspResponseHandle const whole(
      made(OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, basic.get()), "OCSP response"));
  return der_of_response(whole.get());
}

}  // namespace certpivot::testing
