#include "crypto/connect.hpp"

#include <algorithm>
#include <cerrno>
#include <memory>
#include <poll.h>
#include <sys/socket.h>
#include <utility>

#include "loop/answer_within.hpp"

namespace certpivot::crypto {
namespace {

using Addresses = std::shared_ptr<::addrinfo>;

SteadyTime now() { return std::chrono::steady_clock::now(); }

std::string without_brackets(std::string const& host) {
  bool const bracketed = host.starts_with('[') && host.ends_with(']');
  return bracketed ? host.substr(1, host.size() - 2) : host;
}

/// Or the error of getaddrinfo(3).
tl::expected<Addresses, int> resolve(std::string const& host, std::string const& port) {
  ::addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  ::addrinfo* found = nullptr;
  int const error = ::getaddrinfo(host.c_str(), port.c_str(), &hints, &found);
  if (error != 0) return tl::unexpected<int>(error);
  return Addresses(found, ::freeaddrinfo);
}

int addresses_from(::addrinfo const* first) {
  int count = 0;
  for (; first != nullptr; first = first->ai_next) ++count;
  return count;
}

// Connected, or invalid with the reason in errno.
UniqueFd connect_one(::addrinfo const& address, SteadyTime deadline) {
  UniqueFd fd(::socket(address.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd.valid()) return fd;
  if (::connect(fd.get(), address.ai_addr, address.ai_addrlen) == 0) return fd;
  if (errno != EINPROGRESS) return {};
  int error = ETIMEDOUT;
  if (await(fd.get(), POLLOUT, deadline)) {
    ::socklen_t size = sizeof error;
    ::getsockopt(fd.get(), SOL_SOCKET, SO_ERROR, &error, &size);
  }
  if (error != 0) fd.reset();
  errno = error;
  return fd;
}

}  // namespace

int milliseconds_until(SteadyTime deadline) {
  auto const rest = std::chrono::ceil<Duration>(deadline - now());
  return static_cast<int>(std::max(rest.count(), Duration::rep{0}));
}

bool await(int fd, short events, SteadyTime deadline) {
  ::pollfd waiting{fd, events, 0};
  int ready = 0;
  do {
    ready = ::poll(&waiting, 1, milliseconds_until(deadline));
  } while (ready < 0 && errno == EINTR);
  return ready > 0;
}

Result<UniqueFd> connect_to_any(::addrinfo const& first, SteadyTime deadline) {
  int error = 0;
  for (auto const* one = &first; one != nullptr; one = one->ai_next) {
    auto const share = (deadline - now()) / addresses_from(one);
    if (UniqueFd fd = connect_one(*one, now() + share); fd.valid()) return fd;
    error = errno;
  }
  return fail_errno("cannot connect to", {}, {}, error);
}

Result<UniqueFd> connect_to(std::string const& host, std::string const& port, SteadyTime deadline) {
  auto const addresses =
      answer_within(Duration(milliseconds_until(deadline)),
                    [host = without_brackets(host), port] { return resolve(host, port); });
  if (!addresses) return fail_errno("cannot resolve", host, {}, addresses.error().value());
  if (!*addresses) return fail("cannot resolve", host, ::gai_strerror(addresses->error()));
  return connect_to_any(***addresses, deadline);
}

}  // namespace certpivot::crypto
