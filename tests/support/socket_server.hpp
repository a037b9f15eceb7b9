#pragma once

#include <functional>
#include <string>
#include <thread>

#include "base/unique_fd.hpp"
#include "support/port.hpp"

namespace certpivot::testing {

/// A server on loopback that hands each connection, one after the other, to `answer` on a thread of
/// its own, and closes it afterwards. `answer` must come to an end when the client goes away; reads
/// and writes give up after five seconds.
class SocketServer {
 public:
  explicit SocketServer(std::function<void(int connection)> answer,
                        std::string const& address = "127.0.0.1");
  SocketServer(SocketServer const&) = delete;
  SocketServer& operator=(SocketServer const&) = delete;
  SocketServer(SocketServer&&) = delete;
  SocketServer& operator=(SocketServer&&) = delete;
  ~SocketServer();

  [[nodiscard]] int port() const { return listener_.port; }

 private:
  void serve();

  std::function<void(int)> answer_;
  Listener listener_;
  UniqueFd stop_reader_ = {};
  UniqueFd stop_ = {};  ///< closed to end the thread
  std::thread thread_ = {};
};

/// Reads until the client closes, and says nothing.
void stay_silent(int connection);

}  // namespace certpivot::testing
