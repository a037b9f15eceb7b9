#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace certpivot::testing {

/// A client that connects again and again on a thread of its own, as fast as it is answered.
class ClientLoop {
 public:
  /// `connect` makes one connection, and says why it failed; empty where it did not.
  explicit ClientLoop(std::function<std::string()> connect);
  ClientLoop(ClientLoop const&) = delete;
  ClientLoop& operator=(ClientLoop const&) = delete;
  ClientLoop(ClientLoop&&) = delete;
  ClientLoop& operator=(ClientLoop&&) = delete;
  ~ClientLoop();

  /// Waits for `more` further connections, so that what was done before is behind them.
  void wait_for(unsigned more) const;
  [[nodiscard]] unsigned good() const { return good_; }
  /// Ends the loop; the failures that it met.
  [[nodiscard]] std::vector<std::string> stop();

 private:
  std::function<std::string()> connect_;
  std::atomic<bool> stopping_ = false;
  std::atomic<unsigned> good_ = 0;
  std::atomic<unsigned> made_ = 0;
  mutable std::mutex mutex_ = {};
  std::vector<std::string> failures_ = {};
  std::thread thread_ = {};
};

}  // namespace certpivot::testing
