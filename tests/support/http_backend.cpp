#include "support/http_backend.hpp"

#include <string_view>
#include <sys/socket.h>

namespace certpivot::testing {
namespace {

void answer(int connection) {
  static constexpr std::string_view text = "HTTP/1.0 200 OK\r\nContent-Length: 7\r\n\r\nserved\n";
  char request[4096];
  // A handshake without a request, as a probe makes it, ends here.
  if (::recv(connection, request, sizeof request, 0) <= 0) return;
  (void)::send(connection, text.data(), text.size(), MSG_NOSIGNAL);
  // Until the other side has read it: a close before would cost it the answer.
  ::shutdown(connection, SHUT_WR);
  stay_silent(connection);
}

}  // namespace

HttpBackend::HttpBackend() : server_(answer) {}

}  // namespace certpivot::testing
