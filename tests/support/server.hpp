#pragma once

#include <memory>
#include <string>
#include <vector>

#include "support/account.hpp"
#include "support/program.hpp"

namespace certpivot::testing {

struct ServerOptions {
  std::vector<std::string> command = {};  ///< stays in the foreground
  std::string account = our_account();    ///< runs as this one, where root runs the tests
  std::vector<std::string> environment = {};
  int port = 0;  ///< where it is to listen, on 127.0.0.1
};

/// A server program, ended by its own pid.
class Server {
 public:
  /// Starts it and waits until it listens. Throws with its own words where it does not start.
  explicit Server(ServerOptions options);
  Server(Server const&) = delete;
  Server& operator=(Server const&) = delete;
  Server(Server&&) = delete;
  Server& operator=(Server&&) = delete;
  ~Server();

  void send(int signal) const { program_.send(signal); }
  /// Waits until it has said `text`.
  void wait_for_text(std::string const& text) const;

 private:
  ServerOptions options_;
  Program program_;
};

}  // namespace certpivot::testing
