#include "support/socket_server.hpp"

#include <fcntl.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/time.h>
#include <utility>

namespace certpivot::testing {

SocketServer::SocketServer(std::function<void(int)> answer, std::string const& address)
    : answer_(std::move(answer)), listener_(listen_on(address)) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("pipe2");
  stop_reader_.reset(ends[0]);
  stop_.reset(ends[1]);
  thread_ = std::thread([this] { serve(); });
}

SocketServer::~SocketServer() {
  stop_.reset();
  thread_.join();
}

void SocketServer::serve() {
  for (;;) {
    ::pollfd waiting[] = {{listener_.socket.get(), POLLIN, 0}, {stop_reader_.get(), 0, 0}};
    ::poll(waiting, 2, -1);
    if (waiting[1].revents != 0) return;
    UniqueFd const connection(::accept4(listener_.socket.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!connection.valid()) continue;
    ::timeval const limit{5, 0};
    ::setsockopt(connection.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    ::setsockopt(connection.get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    answer_(connection.get());
  }
}

void stay_silent(int connection) {
  char buffer[4096];
  while (::recv(connection, buffer, sizeof buffer, 0) > 0) continue;
}

}  // namespace certpivot::testing
