#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "support/pki.hpp"

namespace certpivot::testing {

/// What a responder answers, and how it may go wrong.
struct OcspResponse {
  enum class Status { good, revoked, unknown };
  enum class Nonce { same, none, other };
  Status status = Status::good;
  Nonce nonce = Nonce::same;
  std::optional<WallTime> this_update = {};  ///< default: a minute ago
  std::optional<WallTime> next_update = {};  ///< default: in an hour
  bool without_next_update = false;
  std::string about = {};           ///< PEM of a certificate other than the one that is asked about
  Pair const* signed_by = nullptr;  ///< instead of the issuer
  bool with_sha1 = false;
  int failure = 0;  ///< OCSPResponseStatus; 0: successful
};

/// The answer to a request in DER, in DER, in the name of `issuer`.
[[nodiscard]] std::string ocsp_response(std::string const& request, Authority const& issuer,
                                        OcspResponse const& options = {});

/// A response in DER with a new signature, by the certificate and the private key in `signer_pem`;
/// empty where there is nothing to sign.
[[nodiscard]] std::string response_signed_again(std::string_view der, std::string_view signer_pem);

}  // namespace certpivot::testing
