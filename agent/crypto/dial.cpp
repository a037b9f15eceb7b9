#include "crypto/dial.hpp"

#include <cstdlib>
#include <fcntl.h>
#include <memory>
#include <sys/un.h>
#include <utility>
#include <vector>

#include "base/units.hpp"
#include "loop/asio.hpp"

namespace certpivot::crypto {
namespace {

using asio::ip::tcp;
using namespace asio::experimental::awaitable_operators;
using Stream = asio::generic::stream_protocol;  // TCP, or a socket in the file system
using Endpoints = std::vector<Stream::endpoint>;

// With this, Asio's functions answer with values instead of exceptions.
constexpr auto values = asio::as_tuple(asio::use_awaitable);
// unix(7): the terminating zero has its place, too.
constexpr std::size_t longest_path = sizeof(::sockaddr_un::sun_path) - 1;
constexpr auto no_time_limit = asio::steady_timer::time_point::max();

// A lookup that outlives us: getaddrinfo(3) cannot be interrupted, so whoever waits for it leaves,
// and the answer finds nobody.
struct Lookup {
  explicit Lookup(asio::any_io_executor const& loop) : resolver(loop), answered(loop) {}
  tcp::resolver resolver;
  asio::steady_timer answered;  // never expires; cancelled by the answer
  bool over = false;
  boost::system::error_code error = {};
  Endpoints endpoints = {};
};

Task<Result<Endpoints>> resolve(Address const& address) {
  auto const loop = co_await asio::this_coro::executor;
  auto const lookup = std::make_shared<Lookup>(loop);
  lookup->answered.expires_at(no_time_limit);
  lookup->resolver.async_resolve(
      address.host, address.port,
      [lookup](boost::system::error_code error, tcp::resolver::results_type const& found) {
        lookup->over = true;
        lookup->error = error;
        for (auto const& entry : found) lookup->endpoints.emplace_back(entry.endpoint());
        lookup->answered.cancel();
      });
  while (!lookup->over) co_await lookup->answered.async_wait(values);
  if (lookup->error) {
    co_return fail("cannot find the address of", address.text(), lookup->error.message());
  }
  co_return std::move(lookup->endpoints);
}

Task<Result<Endpoints>> endpoints_of(Address const& asked) {
  if (asked.path.size() > longest_path)
    co_return fail("cannot connect to", asked.text(), "the path is longer than a socket's can be");
  if (!asked.path.empty()) co_return Endpoints{asio::local::stream_protocol::endpoint(asked.path)};
  boost::system::error_code error;
  auto const address = asio::ip::make_address(asked.host, error);
  if (error) co_return co_await resolve(asked);
  auto const port = static_cast<unsigned short>(std::strtoul(asked.port.c_str(), nullptr, 10));
  co_return Endpoints{tcp::endpoint(address, port)};
}

Task<boost::system::error_code> connect(Stream::socket& socket, Stream::endpoint endpoint) {
  boost::system::error_code error;
  socket.close(error);
  socket.open(endpoint.protocol(), error);
  if (error) co_return error;
  // Asio's sockets would be inherited by every hook.
  ::fcntl(socket.native_handle(), F_SETFD, FD_CLOEXEC);
  auto const [answer] = co_await socket.async_connect(endpoint, values);
  co_return answer;
}

}  // namespace

Task<Result<UniqueFd>> dial(Address address, std::string& stage) {
  stage = "the name was not resolved";
  auto const endpoints = co_await endpoints_of(address);
  if (!endpoints) co_return fail(endpoints.error());
  stage = "the connection was not made";
  Stream::socket socket(co_await asio::this_coro::executor);
  boost::system::error_code last = asio::error::host_not_found;
  for (Stream::endpoint const& endpoint : *endpoints) {
    last = co_await connect(socket, endpoint);
    if (!last) co_return UniqueFd(socket.release());
  }
  bool const nobody = last == asio::error::connection_refused ||
                      last == boost::system::errc::no_such_file_or_directory;
  bool const file = !address.path.empty();
  co_return fail(
      "cannot connect to", address.text(), last.message(),
      nobody ? std::string("is the server running, and is this its ") + (file ? "socket?" : "port?")
             : "");
}

Task<Result<void>> reach(Address address, Duration limit) {
  auto const loop = co_await asio::this_coro::executor;
  std::string stage;
  asio::steady_timer timer(loop, limit);
  auto const first = co_await (dial(address, stage) || timer.async_wait(values));
  if (first.index() == 1)
    co_return fail("no answer in " + to_text(limit) + " from", address.text(), stage);
  auto const& dialled = std::get<0>(first);
  if (!dialled) co_return fail(dialled.error());
  co_return Result<void>();
}

}  // namespace certpivot::crypto
