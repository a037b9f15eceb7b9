#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "support/client_loop.hpp"
#include "support/pki.hpp"

namespace certpivot::testing {

/// What one full TLS handshake and a small request on a new connection to 127.0.0.1 showed.
struct Look {
  std::string fingerprint = {};  ///< of the served leaf, SHA-256, lower-case hex
  std::string status = {};       ///< of the answer, "200"; of one that is not HTTP the first line
  std::string failure = {};      ///< empty where all went well
};

/// What a client says beside TLS.
struct Talk {
  std::string opening = {};  ///< asks for TLS, where the server must answer "S"; empty: TLS at once
  std::string request = "GET / HTTP/1.0\r\nHost: web.internal\r\n\r\n";
};

/// Plain OpenSSL, so that nothing of ours is judged by itself. `pair` is offered where not null,
/// and where `anchors` (PEM) are given, the server's chain must end in one of them.
[[nodiscard]] Look look_at(int port, Pair const* pair = nullptr, std::string const& anchors = {},
                           Talk const& talk = {});

/// A connection that stays open between its requests, as HTTP/1.1 has it.
class KeptAlive {
 public:
  explicit KeptAlive(int port, Pair const* pair = nullptr);
  KeptAlive(KeptAlive const&) = delete;
  KeptAlive& operator=(KeptAlive const&) = delete;
  KeptAlive(KeptAlive&&) = delete;
  KeptAlive& operator=(KeptAlive&&) = delete;
  ~KeptAlive();
  /// The answer's status; empty where the server has hung up. The answer's body ends with "served".
  [[nodiscard]] std::string request();

 private:
  struct Connection;
  std::unique_ptr<Connection> connection_;
};

/// SHA-256 of the first certificate of a PEM text, lower-case hex; empty where there is none.
[[nodiscard]] std::string leaf_fingerprint(std::string const& pem);

/// A client that keeps looking on a thread of its own, as fast as the server answers.
class LookLoop {
 public:
  explicit LookLoop(int port, Pair const* pair = nullptr);
  explicit LookLoop(std::function<Look()> look);

  struct Tally {
    unsigned good = 0;
    std::vector<std::string> failures = {};
    /// Each served leaf once, in the order of its first appearance.
    std::vector<std::string> fingerprints = {};
  };
  /// Ends the loop; what it saw.
  [[nodiscard]] Tally stop();
  /// What it has seen so far, failures aside.
  [[nodiscard]] Tally seen() const;
  /// Waits for `more` further looks, so that what was done before is behind them.
  void wait_for(unsigned more) const { loop_.wait_for(more); }

 private:
  [[nodiscard]] std::string look();

  std::function<Look()> look_;
  mutable std::mutex mutex_ = {};
  std::vector<std::string> fingerprints_ = {};
  ClientLoop loop_;
};

}  // namespace certpivot::testing
