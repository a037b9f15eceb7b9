#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "crypto/certificate.hpp"
#include "crypto/revoked.hpp"

struct ocsp_request_st;

/// The state of a certificate, asked of a responder (RFC 6960).
namespace certpivot::crypto {

/// What a responder said that can be relied on, and until when.
struct OcspStatus {
  std::optional<Revoked> revoked = {};  ///< nothing: good
  WallTime this_update = {};
  std::optional<WallTime> next_update = {};
};

/// A question about one certificate, with a nonce of its own (RFC 8954). The certificate is named
/// by SHA-1 hashes, which is all that many responders know (RFC 5019 section 2.1.1).
class OcspRequest {
 public:
  [[nodiscard]] static Result<OcspRequest> make(Certificate const& certificate,
                                                Certificate const& issuer);

  [[nodiscard]] std::string der() const;

  /// What the response says about the certificate. Errors: it is none, reports a failure, is about
  /// another certificate, answers another request (no nonce at all is accepted), is signed neither
  /// by the issuer nor by a responder that the issuer certified for that (section 4.2.2.2), does
  /// not know the certificate, or is stale: not from before now + skew, as old as its next update
  /// or, where it names none, a day old. A revocation counts however old the response is.
  [[nodiscard]] Result<OcspStatus> read(std::string_view response, WallTime now,
                                        Duration skew) const;

 private:
  OcspRequest(std::shared_ptr<ocsp_request_st> request, Certificate certificate, Certificate issuer)
      : request_(std::move(request)),
        certificate_(std::move(certificate)),
        issuer_(std::move(issuer)) {}

  std::shared_ptr<ocsp_request_st> request_;
  Certificate certificate_;
  Certificate issuer_;
};

/// The first responder with plain http that the certificate names (authorityInfoAccess, RFC 5280
/// section 4.2.2.1); empty for none.
[[nodiscard]] std::string responder_of(Certificate const& certificate);

/// What came of asking about one certificate.
struct OcspAnswer {
  Certificate certificate;
  std::string responder = {};  ///< its URL; empty where none is known
  /// The error is a whole sentence without the certificate's name.
  Result<OcspStatus> status = {};
};

}  // namespace certpivot::crypto
