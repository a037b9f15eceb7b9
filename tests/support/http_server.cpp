#include "support/http_server.hpp"

#include <sys/socket.h>

namespace certpivot::testing {

namespace {

std::size_t length_of(std::string const& head) {
  constexpr std::string_view mark = "\r\nContent-Length: ";
  auto const at = head.find(mark);
  return at == std::string::npos ? 0 : std::stoul(head.substr(at + mark.size()));
}

}  // namespace

std::string read_http_request(std::function<::ssize_t(char*, std::size_t)> const& read) {
  constexpr std::string_view end_of_head = "\r\n\r\n";
  std::string request;
  char buffer[4096];
  for (;;) {
    auto const end = request.find(end_of_head);
    if (end != std::string::npos &&
        request.size() >= end + end_of_head.size() + length_of(request.substr(0, end)))
      return request;
    auto const got = read(buffer, sizeof buffer);
    if (got <= 0) return request;
    request.append(buffer, static_cast<std::size_t>(got));
  }
}

std::string http_answer(std::string const& status, std::string const& body,
                        std::string const& more_headers) {
  return "HTTP/1.1 " + status + "\r\n" + more_headers +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

HttpServer::HttpServer(std::string answer, std::string const& address)
    : answer_(std::move(answer)),
      server_(
          [this](int connection) {
            auto request = read_http_request([connection](char* buffer, std::size_t size) {
              return ::recv(connection, buffer, size, 0);
            });
            // Written down first, so that it is there when the client has its answer.
            {
              std::lock_guard const lock(mutex_);
              requests_.push_back(std::move(request));
            }
            (void)::send(connection, answer_.data(), answer_.size(), MSG_NOSIGNAL);
          },
          address) {}

std::string HttpServer::url(std::string const& target) const {
  return "http://127.0.0.1:" + std::to_string(port()) + target;
}

std::vector<std::string> HttpServer::requests() const {
  std::lock_guard const lock(mutex_);
  return requests_;
}

}  // namespace certpivot::testing
