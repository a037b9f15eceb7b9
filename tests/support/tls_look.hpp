#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "support/pki.hpp"

namespace certpivot::testing {

/// What one full TLS handshake and a small HTTP request on a new connection to 127.0.0.1 showed.
struct Look {
  std::string fingerprint = {};  ///< of the served leaf, SHA-256, lower-case hex
  std::string status = {};       ///< "200" or what else the answer began with
  std::string failure = {};      ///< empty where all went well
};

/// Plain OpenSSL, so that nothing of ours is judged by itself. `pair` is offered where not null,
/// and where `anchors` (PEM) are given, the server's chain must end in one of them.
[[nodiscard]] Look look_at(int port, Pair const* pair = nullptr, std::string const& anchors = {});

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
  LookLoop(LookLoop const&) = delete;
  LookLoop& operator=(LookLoop const&) = delete;
  LookLoop(LookLoop&&) = delete;
  LookLoop& operator=(LookLoop&&) = delete;
  ~LookLoop();

  struct Tally {
    unsigned good = 0;
    std::vector<std::string> failures = {};
    /// Each served leaf once, in the order of its first appearance.
    std::vector<std::string> fingerprints = {};
  };
  /// Ends the loop; what it saw.
  [[nodiscard]] Tally stop();
  /// What it has seen so far.
  [[nodiscard]] Tally seen() const;

 private:
  void run();

  int port_;
  Pair pair_ = {};
  bool offers_ = false;
  std::atomic<bool> stopping_ = false;
  mutable std::mutex mutex_ = {};
  Tally tally_ = {};
  std::thread thread_ = {};
};

}  // namespace certpivot::testing
