#include "support/ocsp_responder.hpp"

#include <sys/socket.h>

namespace certpivot::testing {
namespace {

// Of the header, "Content-Length: 12"; 0 where it is not there.
std::size_t length_in(std::string const& head) {
  static std::string const name = "Content-Length: ";
  auto const at = head.find(name);
  return at == std::string::npos ? 0 : std::stoul(head.substr(at + name.size()));
}

}  // namespace

std::string read_request(int connection, std::string* head) {
  static std::string const end = "\r\n\r\n";
  std::string text;
  char buffer[4096];
  for (;;) {
    auto const size = text.find(end);
    bool const whole = size != std::string::npos &&
                       text.size() >= size + end.size() + length_in(text.substr(0, size));
    if (whole && head != nullptr) *head = text.substr(0, size);
    if (whole) return text.substr(size + end.size());
    auto const got = ::recv(connection, buffer, sizeof buffer, 0);
    if (got <= 0) return {};
    text.append(buffer, static_cast<std::size_t>(got));
  }
}

std::string http_response(std::string const& status, std::string const& body) {
  return "HTTP/1.0 " + status + "\r\nContent-Type: application/ocsp-response\r\nContent-Length: " +
         std::to_string(body.size()) + "\r\n\r\n" + body;
}

void write_all(int connection, std::string const& bytes) {
  for (std::size_t at = 0; at < bytes.size();) {
    auto const put = ::send(connection, bytes.data() + at, bytes.size() - at, MSG_NOSIGNAL);
    if (put <= 0) return;
    at += static_cast<std::size_t>(put);
  }
}

OcspResponder::OcspResponder(Authority const& issuer, OcspResponse options)
    : server_([this, issuer, options](int connection) {
        std::string const request = read_request(connection);
        ++asked_;
        write_all(connection, http_response("200 OK", ocsp_response(request, issuer, options)));
      }) {}

}  // namespace certpivot::testing
