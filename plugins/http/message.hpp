#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

/// HTTP/1.1 as values (RFC 9112). Boost.Beast writes and reads it, and is seen in message.cpp
/// alone.
namespace certpivot::plugins {

struct HttpRequest {
  std::string method = {};
  std::string target = {};
  std::string authority = {};  ///< for the Host field
  /// Those of the same name replace what would be sent without them.
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::string body = {};
};

/// As it goes out; the connection is for this one request.
[[nodiscard]] std::string to_wire(HttpRequest const& request);

struct HttpAnswer {
  unsigned status = 0;
  std::string reason = {};    ///< the server's own word for it, or the usual one
  std::string location = {};  ///< where a redirect points
  std::string body = {};      ///< up to `longest_body`
};
inline constexpr std::size_t longest_body = std::size_t{64} * 1024;

/// Reads one answer, piece by piece. Interim ones (1xx) are passed over.
class HttpReader {
 public:
  /// `method` is that of the request: no answer to HEAD has a body.
  explicit HttpReader(std::string_view method);
  HttpReader(HttpReader const&) = delete;
  HttpReader& operator=(HttpReader const&) = delete;
  HttpReader(HttpReader&&) = delete;
  HttpReader& operator=(HttpReader&&) = delete;
  ~HttpReader();

  /// False once there is nothing more to learn: the answer is whole, has a longer body than is
  /// kept, or is no HTTP.
  [[nodiscard]] bool hear(std::string_view bytes);
  /// What it was, when no more comes. Errors: no answer, one that ends early, no HTTP, headers of
  /// more than 16 KiB.
  [[nodiscard]] Result<HttpAnswer> finish();

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
};

}  // namespace certpivot::plugins
