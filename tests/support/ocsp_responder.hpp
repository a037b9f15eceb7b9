#pragma once

#include <atomic>
#include <functional>
#include <string>

#include "support/ocsp_response.hpp"
#include "support/socket_server.hpp"

namespace certpivot::testing {

/// Reads one HTTP request to its end; its body, and its header into `head`.
[[nodiscard]] std::string read_request(int connection, std::string* head = nullptr);
/// A response with this status, "200 OK", and a body.
[[nodiscard]] std::string http_response(std::string const& status, std::string const& body);
/// Writes as much of it as the peer takes.
void write_all(int connection, std::string const& bytes);

/// A responder on loopback.
class OcspResponder {
 public:
  explicit OcspResponder(Authority const& issuer, OcspResponse options = {});

  [[nodiscard]] std::string url() const {
    return "http://127.0.0.1:" + std::to_string(server_.port()) + "/ocsp";
  }
  /// How often it was asked.
  [[nodiscard]] int asked() const { return asked_; }

 private:
  std::atomic<int> asked_ = 0;
  SocketServer server_;
};

}  // namespace certpivot::testing
