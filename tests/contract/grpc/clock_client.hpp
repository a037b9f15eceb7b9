#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <thread>

#include <grpcpp/channel.h>

#include "support/pki.hpp"

namespace certpivot::testing {

/// Asks the clock of the example servers (plugins/grpc/example/clock.proto).
struct ClockClient {
  int port = 0;
  std::string anchors = {};        ///< that the server's certificate must lead to, PEM
  Pair const* identity = nullptr;  ///< shown where not null

  /// A channel with connections of its own.
  [[nodiscard]] std::shared_ptr<grpc::Channel> channel() const;
  /// One call on a new connection; why it failed, empty where it did not.
  [[nodiscard]] std::string now() const;
};

/// A stream that is read on a thread of its own from beginning to end, on one connection.
class ClockStream {
 public:
  explicit ClockStream(ClockClient const& client);
  ClockStream(ClockStream const&) = delete;
  ClockStream& operator=(ClockStream const&) = delete;
  ClockStream(ClockStream&&) = delete;
  ClockStream& operator=(ClockStream&&) = delete;
  ~ClockStream();

  /// Waits for `more` further times; throws where the stream has ended.
  void wait_for(unsigned more) const;
  /// Ends it; what it failed of before that, empty for nothing.
  [[nodiscard]] std::string stop();

 private:
  struct Call;
  std::unique_ptr<Call> call_;
  std::atomic<unsigned> seen_ = 0;
  std::atomic<bool> stopping_ = false;
  std::atomic<bool> over_ = false;
  std::string failure_ = {};
  std::thread thread_ = {};
};

}  // namespace certpivot::testing
