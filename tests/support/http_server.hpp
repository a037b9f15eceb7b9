#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "support/socket_server.hpp"

namespace certpivot::testing {

/// One HTTP request, its head and as much body as Content-Length says, from what `read` gives,
/// which is called like recv(2).
[[nodiscard]] std::string read_http_request(
    std::function<::ssize_t(char* buffer, std::size_t size)> const& read);

/// An answer with a length and a body; `status` with its reason: "204 No Content".
[[nodiscard]] std::string http_answer(std::string const& status, std::string const& body = {},
                                      std::string const& more_headers = {});

/// A server of plain HTTP, on loopback or at a socket, that takes one request a connection.
class HttpServer {
 public:
  /// `answer` is what goes out, byte for byte.
  explicit HttpServer(std::string answer, std::string const& address = "127.0.0.1");

  [[nodiscard]] int port() const { return server_.port(); }
  [[nodiscard]] std::string url(std::string const& target = "/") const;
  [[nodiscard]] std::vector<std::string> requests() const;

 private:
  std::string answer_;
  mutable std::mutex mutex_ = {};
  std::vector<std::string> requests_ = {};
  SocketServer server_;
};

}  // namespace certpivot::testing
