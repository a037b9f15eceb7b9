#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "crypto/anchors.hpp"
#include "crypto/certificate.hpp"
#include "crypto/step.hpp"
#include "crypto/tls_client.hpp"

struct ssl_st;

namespace certpivot::crypto {

struct TlsOptions {
  std::string server_name = {};      ///< SNI, unless it is an address; empty for none
  ClientPair const* pair = nullptr;  ///< offered where the server asks; may be null
  /// Where given, the server must prove that it is `server_name`, by a chain to one of them.
  Anchors const* anchors = nullptr;
};

/// The TLS side of one client connection, without the network: bytes of the server are fed in,
/// bytes for it are taken out. That keeps the sockets out of here and lets a ticket or an alert be
/// noticed the moment it arrives, which Asio's ssl stream hides behind a read that goes on waiting.
///
/// TLS 1.2 and 1.3. Without anchors it is security level 0 and no verification: the question is
/// what is served, and to refuse to look at a weak certificate would answer another one.
class TlsSession {
 public:
  /// Errors: the pair to offer cannot be used.
  [[nodiscard]] static Result<std::unique_ptr<TlsSession>> create(TlsOptions const& options);
  TlsSession(TlsSession const&) = delete;
  TlsSession& operator=(TlsSession const&) = delete;
  TlsSession(TlsSession&&) = delete;
  TlsSession& operator=(TlsSession&&) = delete;
  ~TlsSession();

  void feed(std::span<std::byte const> from_server);
  /// What is to be sent, possibly nothing.
  [[nodiscard]] std::string take_output();

  [[nodiscard]] Step handshake();
  /// After the handshake: done once the server has sent a session ticket, data or its goodbye.
  [[nodiscard]] Step hear();
  /// After the handshake: puts `bytes` into the output, protected.
  void write(std::string_view bytes);
  /// After the handshake: adds to `bytes` what the server has said. Done at its goodbye.
  [[nodiscard]] Step read(std::string& bytes);
  /// Puts a close_notify into the output.
  void say_goodbye();

  /// What the server sends: its leaf first, then whatever else. Empty until it is shown.
  [[nodiscard]] std::vector<Certificate> const& chain() const { return chain_; }
  /// "TLSv1.3", as far as it is agreed.
  [[nodiscard]] std::string protocol() const;
  /// Whether the server asked for a client certificate.
  [[nodiscard]] bool certificate_wanted() const { return certificate_wanted_; }
  /// Whether the server judges a client certificate only after our side of the handshake has ended.
  [[nodiscard]] bool judged_later() const;
  /// Why a step failed, in words.
  [[nodiscard]] std::string const& failure() const { return failure_; }
  /// Whether it failed because the server sent an alert (RFC 8446 section 6).
  [[nodiscard]] bool ended_by_alert() const { return ended_by_alert_; }

 private:
  struct Callbacks;

  TlsSession() = default;
  [[nodiscard]] Result<void> offer(ClientPair const& pair);
  [[nodiscard]] bool verify(TlsOptions const& options);
  [[nodiscard]] Step step_after(int result);
  void explain_failure();

  struct FreeConnection {
    void operator()(ssl_st* connection) const;
  };
  std::unique_ptr<ssl_st, FreeConnection> connection_;
  std::vector<Certificate> chain_ = {};
  bool verified_ = false;  ///< the server must prove who it is
  bool certificate_wanted_ = false;
  bool ticket_came_ = false;
  bool ended_by_alert_ = false;
  std::string failure_ = {};
};

}  // namespace certpivot::crypto
