#pragma once

#include "support/socket_server.hpp"

namespace certpivot::testing {

/// What stands behind a server that only ends TLS: plain HTTP on loopback, "200" and "served".
class HttpBackend {
 public:
  HttpBackend();
  [[nodiscard]] int port() const { return server_.port(); }

 private:
  SocketServer server_;
};

}  // namespace certpivot::testing
