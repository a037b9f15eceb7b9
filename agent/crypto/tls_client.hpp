#pragma once

#include <string>
#include <vector>

#include "base/certificate_facts.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "crypto/address.hpp"
#include "crypto/certificate.hpp"
#include "crypto/starttls.hpp"
#include "loop/task.hpp"

namespace certpivot::crypto {

/// A pair to offer as client certificate.
struct ClientPair {
  std::string certificate_pem = {};
  Secret key_pem = {};
};

/// What one handshake showed.
struct Served {
  CertificateFacts leaf = {};
  std::vector<Certificate> chain = {};  ///< as the server sent it, the leaf included
  std::string protocol = {};            ///< "TLSv1.3"
};

struct HandshakeRequest {
  Address address = {};
  std::string server_name = {};  ///< SNI; empty for none
  Starttls starttls = Starttls::none;
  ClientPair const* pair = nullptr;  ///< offered where the server asks; may be null
  Duration timeout = std::chrono::seconds(5);
};

/// One full TLS handshake on a new connection, with no session offered, and the leaf that the
/// server showed. The chain is not verified here: what is asked is whether this very certificate is
/// served.
///
/// Under TLS 1.3 a client's handshake ends before the server has judged the client's certificate
/// (RFC 8446 section 4.4.2), so where `pair` is offered, one record is awaited: an alert is a
/// failure. A server that shows its leaf and then wants a client certificate that we do not have
/// has served it. Errors: no connection, TLS refused where `starttls` asks for it, no TLS, our
/// certificate refused, time over.
[[nodiscard]] Task<Result<Served>> handshake(HandshakeRequest request);

}  // namespace certpivot::crypto
