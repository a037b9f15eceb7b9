#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "support/pki.hpp"
#include "support/socket_server.hpp"
#include "support/starttls_script.hpp"

namespace certpivot::testing {

struct TlsServerOptions {
  std::vector<Pair> pairs = {};        ///< served in turn, one a connection; the last one stays
  std::string client_anchor_pem = {};  ///< not empty: a client certificate below it is required
  bool only_tls12 = false;
  int tickets = 2;                     ///< sent after a TLS 1.3 handshake
  std::string address = "127.0.0.1";   ///< or the path of a socket
  std::vector<Exchange> opening = {};  ///< spoken before TLS
  std::string answer = {};             ///< not empty: to the HTTP request that is awaited then
};

/// What one connection was, as the server saw it.
struct SeenConnection {
  std::string server_name = {};
  bool accepted = false;         ///< the handshake ended well
  bool resumed = false;          ///< the client brought a session
  bool closed_politely = false;  ///< the client sent its close_notify
  std::string request = {};      ///< as it came
  std::string client = {};       ///< subject of the client's certificate; empty for none
};

/// A TLS server on loopback, plain OpenSSL.
class TlsServer {
 public:
  explicit TlsServer(TlsServerOptions options);

  [[nodiscard]] int port() const { return server_->port(); }
  /// As a probe takes it.
  [[nodiscard]] std::string address() const;
  /// The connections that have ended so far.
  [[nodiscard]] std::vector<SeenConnection> seen() const;
  /// Waits until `count` have ended; throws after ten seconds.
  [[nodiscard]] std::vector<SeenConnection> wait_for(std::size_t count) const;

 private:
  void answer(int connection);

  TlsServerOptions options_;
  mutable std::mutex mutex_ = {};
  std::vector<SeenConnection> seen_ = {};
  std::unique_ptr<SocketServer> server_ = {};
};

}  // namespace certpivot::testing
