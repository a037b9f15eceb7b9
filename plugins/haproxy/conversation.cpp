#include "plugins/haproxy/conversation.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <optional>
#include <span>
#include <sys/socket.h>
#include <sys/un.h>

#include "base/unique_fd.hpp"
#include "base/units.hpp"
#include "loop/asio.hpp"

namespace certpivot::plugins {

namespace {

constexpr std::size_t longest_answer = std::size_t{16} * 1024 * 1024;

/// Nothing of a connection to a Unix socket blocks but a full queue, which is an error here.
Result<UniqueFd> connect_to(std::string const& path) {
  ::sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path)
    return fail("cannot connect to", path, "the path is longer than a socket's may be");
  std::memcpy(address.sun_path, path.data(), path.size());
  UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket.valid()) return fail_errno("cannot make a socket for", path);
  auto const* const generic = static_cast<::sockaddr const*>(static_cast<void const*>(&address));
  if (::connect(socket.get(), generic, sizeof address) != 0)
    return fail_errno("cannot connect to", path, "haproxy must run, and let certpivot use it");
  return socket;
}

/// A connection under a time limit.
class Conversation {
 public:
  Conversation(asio::any_io_executor const& loop, UniqueFd socket, Duration limit)
      : stream_(std::make_shared<asio::posix::stream_descriptor>(loop, socket.release())),
        timer_(loop, limit) {
    // Weak, because the handler may run when all is over.
    timer_.async_wait([weak = std::weak_ptr(stream_)](boost::system::error_code const& failure) {
      boost::system::error_code closed;
      if (auto const stream = weak.lock(); stream && !failure) stream->close(closed);
    });
  }

  /// False when the time is over or haproxy does not listen any more.
  Task<bool> say(std::span<std::byte const> bytes) {
    while (!bytes.empty()) {
      if (!co_await is_ready(asio::posix::stream_descriptor::wait_write)) co_return false;
      auto const sent = ::send(stream_->native_handle(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent < 0 && !is_for_later()) co_return false;
      bytes = bytes.subspan(static_cast<std::size_t>(std::max<::ssize_t>(sent, 0)));
    }
    ::shutdown(stream_->native_handle(), SHUT_WR);
    co_return true;
  }

  /// Everything up to the end; nothing when the time is over.
  Task<std::optional<std::string>> listen() {
    std::string answer;
    std::array<char, 16384> piece{};
    while (co_await is_ready(asio::posix::stream_descriptor::wait_read)) {
      auto const got = ::recv(stream_->native_handle(), piece.data(), piece.size(), 0);
      if (got == 0 || (got < 0 && !is_for_later())) co_return answer;
      answer.append(piece.data(), static_cast<std::size_t>(std::max<::ssize_t>(got, 0)));
      if (answer.size() > longest_answer) co_return answer;
    }
    co_return std::nullopt;
  }

 private:
  Task<bool> is_ready(asio::posix::stream_descriptor::wait_type what) {
    if (!stream_->is_open()) co_return false;
    boost::system::error_code failure;
    co_await stream_->async_wait(what, asio::redirect_error(asio::use_awaitable, failure));
    co_return !failure && stream_->is_open();
  }
  static bool is_for_later() { return errno == EAGAIN || errno == EINTR; }

  std::shared_ptr<asio::posix::stream_descriptor> stream_;
  asio::steady_timer timer_;
};

}  // namespace

Task<Result<std::string>> converse(std::string socket, Secret const& commands, Duration limit) {
  auto connected = connect_to(socket);
  if (!connected) co_return fail(connected.error());
  Conversation conversation(co_await asio::this_coro::executor, std::move(*connected), limit);
  // One that hangs up early may have said why.
  (void)co_await conversation.say(commands.bytes());
  auto answer = co_await conversation.listen();
  if (answer) co_return std::move(*answer);
  co_return fail("haproxy does not answer on", socket,
                 "nothing came to an end within " + to_text(limit));
}

Task<Result<std::string>> ask(std::string socket, std::string command, Duration limit) {
  auto const line = Secret::copy_of(command + "\n");
  co_return co_await converse(std::move(socket), line, limit);
}

}  // namespace certpivot::plugins
