#include "crypto/connect.hpp"

#include <memory>
#include <sys/socket.h>

#include <doctest/doctest.h>

#include "support/holds.hpp"
#include "support/port.hpp"

using namespace certpivot;
using testing::Listener;

namespace {

using Addresses = std::shared_ptr<::addrinfo>;

auto const long_enough = std::chrono::seconds(30);

SteadyTime in(Duration time) { return std::chrono::steady_clock::now() + time; }

Addresses address_of(int port) {
  ::addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICHOST;
  ::addrinfo* found = nullptr;
  REQUIRE(::getaddrinfo("127.0.0.1", std::to_string(port).c_str(), &hints, &found) == 0);
  return Addresses(found, ::freeaddrinfo);
}

/// A port that neither takes a connection nor refuses one: its queue is full.
struct BlackHole {
  BlackHole() {
    REQUIRE(::listen(listener.socket.get(), 0) == 0);
    for (UniqueFd& one : waiting) {
      one.reset(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
      auto const address = address_of(listener.port);
      static_cast<void>(::connect(one.get(), address->ai_addr, address->ai_addrlen));
    }
  }
  Listener listener = testing::listen_on("127.0.0.1");
  UniqueFd waiting[3];
};

}  // namespace

TEST_CASE("an address that answers nothing leaves time for those behind it") {
  BlackHole const hole;
  Listener const listener = testing::listen_on("127.0.0.1");
  auto const first = address_of(hole.listener.port);
  auto const second = address_of(listener.port);
  first->ai_next = second.get();
  auto const deadline = in(std::chrono::seconds(2));
  CHECK(crypto::connect_to_any(*first, deadline));
  // The other half of the time.
  CHECK(std::chrono::steady_clock::now() < deadline);
  first->ai_next = nullptr;
  auto const none = crypto::connect_to_any(*first, in(std::chrono::milliseconds(100)));
  REQUIRE_FALSE(none);
  CHECK(none.error().code == std::errc::timed_out);
}

TEST_CASE("an address that refuses costs nothing, and the last one's refusal is told") {
  Listener const listener = testing::listen_on("127.0.0.1");
  auto const closed = address_of(testing::free_port());
  auto const open = address_of(listener.port);
  closed->ai_next = open.get();
  CHECK(crypto::connect_to_any(*closed, in(long_enough)));
  closed->ai_next = nullptr;
  auto const refused = crypto::connect_to_any(*closed, in(long_enough));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == std::errc::connection_refused);
}

TEST_CASE("a host is a name or an address, that of IPv6 in brackets") {
  Listener const listener = testing::listen_on("::1");
  CHECK(crypto::connect_to("[::1]", std::to_string(listener.port), in(long_enough)));
  auto const unknown = crypto::connect_to("name.invalid", "80", in(long_enough));
  REQUIRE_FALSE(unknown);
  CHECK(testing::holds(unknown.error().text(), "cannot resolve name.invalid: "));
}
