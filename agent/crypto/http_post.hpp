#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace certpivot::crypto {

/// A request by plain HTTP whose answer is one DER value: OCSP (RFC 6960 appendix A.1).
struct HttpPost {
  std::string url = {};  ///< http://host[:port]/path[?query]
  std::string content_type = {};
  std::string_view body = {};
  Duration limit = {};      ///< for all of it, name resolution included
  std::size_t largest = 0;  ///< bytes that the answer may have, its headers included
};

/// The answer's body. No proxy, no redirects. Errors: no such address, no connection, another
/// status than 2xx, an answer that is no DER or too large, time over. Blocks for at most the limit,
/// whatever the peer does. The process must ignore SIGPIPE: OpenSSL writes to a plain socket, whose
/// peer may have gone.
[[nodiscard]] Result<std::string> post(HttpPost const& request);

}  // namespace certpivot::crypto
