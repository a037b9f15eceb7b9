#include "support/port.hpp"

#include <arpa/inet.h>
#include <cstring>
#include <netinet/in.h>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/un.h>

namespace certpivot::testing {
namespace {

void require(bool done, char const* step) {
  if (!done) throw std::runtime_error(std::string(step) + ": " + std::strerror(errno));
}

union Address {
  ::sockaddr any;
  ::sockaddr_in v4;
  ::sockaddr_in6 v6;
  ::sockaddr_un file;
};

Address address_of(std::string const& text, int port) {
  Address address{};
  if (text.starts_with('/')) {
    address.file.sun_family = AF_UNIX;
    require(text.size() < sizeof address.file.sun_path, "a socket's path");
    text.copy(address.file.sun_path, text.size());
    return address;
  }
  auto const in_network_order = htons(static_cast<std::uint16_t>(port));
  if (text.find(':') == std::string::npos) {
    address.v4.sin_family = AF_INET;
    address.v4.sin_port = in_network_order;
    require(::inet_pton(AF_INET, text.c_str(), &address.v4.sin_addr) == 1, "inet_pton");
  } else {
    address.v6.sin6_family = AF_INET6;
    address.v6.sin6_port = in_network_order;
    require(::inet_pton(AF_INET6, text.c_str(), &address.v6.sin6_addr) == 1, "inet_pton");
  }
  return address;
}

::socklen_t size_of(Address const& address) {
  if (address.any.sa_family == AF_UNIX) return sizeof(address.file);
  return address.any.sa_family == AF_INET ? sizeof(address.v4) : sizeof(address.v6);
}

}  // namespace

Listener listen_on(std::string const& address) {
  Address place = address_of(address, 0);
  Listener listener{
      UniqueFd(::socket(place.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)), 0};
  ::socklen_t size = size_of(place);
  require(::bind(listener.socket.get(), &place.any, size) == 0, "bind");
  require(::listen(listener.socket.get(), 64) == 0, "listen");
  if (place.any.sa_family == AF_UNIX) return listener;
  require(::getsockname(listener.socket.get(), &place.any, &size) == 0, "getsockname");
  listener.port = ntohs(place.any.sa_family == AF_INET ? place.v4.sin_port : place.v6.sin6_port);
  return listener;
}

int free_port() { return listen_on("127.0.0.1").port; }

UniqueFd connect_to(int port) {
  Address const place = address_of("127.0.0.1", port);
  UniqueFd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (::connect(socket.get(), &place.any, size_of(place)) != 0) socket.reset();
  return socket;
}

}  // namespace certpivot::testing
