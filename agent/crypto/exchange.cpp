#include "crypto/exchange.hpp"

#include <array>
#include <memory>
#include <optional>

#include "base/units.hpp"
#include "crypto/dial.hpp"
#include "loop/asio.hpp"

namespace certpivot::crypto {
namespace {

using namespace asio::experimental::awaitable_operators;
using Socket = asio::generic::stream_protocol::socket;

constexpr auto by_value = asio::as_tuple(asio::use_awaitable);

/// One connection, and how far it has come, for the sentence when the time is over.
struct Line {
  Exchange const& exchange;
  Socket socket;
  std::string stage = {};
  std::unique_ptr<TlsSession> tls = {};

  [[nodiscard]] tl::unexpected<Error> failure(std::string what, std::string why) const {
    return fail(std::move(what), exchange.address.text(), std::move(why));
  }
};

Task<void> send(Line& line, std::string bytes) {
  auto const all = asio::buffer(bytes);
  for (std::size_t sent = 0; sent < bytes.size();) {
    auto const [error, count] = co_await line.socket.async_send(all + sent, by_value);
    if (error) co_return;
    sent += count;
  }
}

/// The next piece off the wire; empty at its end.
Task<Result<std::string>> receive(Line& line) {
  std::string piece(16384, '\0');
  auto const [error, count] = co_await line.socket.async_receive(asio::buffer(piece), by_value);
  if (error && error != asio::error::eof)
    co_return line.failure("the connection broke to", error.message());
  piece.resize(count);
  co_return piece;
}

void feed(TlsSession& session, std::string const& piece) {
  session.feed(std::as_bytes(std::span(piece)));
}

Task<Result<void>> shake_hands(Line& line) {
  line.stage = "the TLS handshake did not end";
  for (;;) {
    Step const step = line.tls->handshake();
    co_await send(line, line.tls->take_output());
    if (step == Step::done) co_return Result<void>();
    if (step == Step::failed) co_return line.failure("no TLS with", line.tls->failure());
    auto const piece = co_await receive(line);
    if (!piece) co_return fail(piece.error());
    if (piece->empty()) co_return line.failure("no TLS with", "the server closed the connection");
    feed(*line.tls, *piece);
  }
}

/// What a piece off the wire says; nothing where that was the end.
Result<std::optional<std::string>> meaning(Line& line, std::string piece) {
  if (piece.empty()) return std::nullopt;
  if (!line.tls) return std::optional(std::move(piece));
  feed(*line.tls, piece);
  std::string bytes;
  Step const step = line.tls->read(bytes);
  // Under TLS 1.3 this is where a server tells that it does not take our certificate.
  if (step == Step::failed && bytes.empty())
    return line.failure("the connection was ended by", line.tls->failure());
  if (step != Step::wants_input && bytes.empty()) return std::nullopt;
  return std::optional(std::move(bytes));
}

Task<Result<void>> listen(Line& line) {
  line.stage = "the answer did not come to its end";
  for (;;) {
    auto piece = co_await receive(line);
    if (!piece) co_return fail(piece.error());
    auto const said = meaning(line, std::move(*piece));
    if (!said) co_return fail(said.error());
    if (!*said || (!(*said)->empty() && !line.exchange.hear(**said))) co_return Result<void>();
  }
}

Task<Result<void>> talk(Line& line) {
  auto dialled = co_await dial(line.exchange.address, line.stage);
  if (!dialled) co_return fail(std::move(dialled.error()));
  line.socket.assign(asio::generic::stream_protocol(AF_UNSPEC, 0), dialled->release());
  auto question = line.exchange.question;
  if (line.exchange.tls != nullptr) {
    auto session = TlsSession::create(*line.exchange.tls);
    if (!session) co_return fail(std::move(session.error()));
    line.tls = std::move(*session);
    if (auto safe = co_await shake_hands(line); !safe) co_return safe;
    line.tls->write(question);
    question = line.tls->take_output();
  }
  line.stage = "the request was not taken";
  co_await send(line, std::move(question));
  co_return co_await listen(line);
}

}  // namespace

Task<Result<void>> converse(Exchange exchange) {
  auto const loop = co_await asio::this_coro::executor;
  Line line{exchange, Socket(loop)};
  asio::steady_timer timer(loop, exchange.limit);
  auto answer = co_await (talk(line) || timer.async_wait(by_value));
  if (answer.index() == 0) co_return std::move(std::get<0>(answer));
  co_return line.failure("no answer in " + to_text(exchange.limit) + " from", line.stage);
}

}  // namespace certpivot::crypto
