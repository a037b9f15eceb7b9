#include "crypto/exchange.hpp"

#include <memory>
#include <optional>
#include <span>

#include "base/units.hpp"
#include "crypto/dial.hpp"
#include "loop/asio.hpp"

namespace certpivot::crypto {
namespace {

using namespace asio::experimental::awaitable_operators;
using Socket = asio::generic::stream_protocol::socket;

constexpr auto by_value = asio::as_tuple(asio::use_awaitable);

/// One connection, and how far it has come, for the sentence when the time is over.
struct Wire {
  Exchange const& exchange;
  Socket socket;
  std::string stage = {};
  std::unique_ptr<TlsSession> tls = {};

  [[nodiscard]] tl::unexpected<Error> failure(std::string what, std::string why) const {
    return fail(std::move(what), exchange.address.text(), std::move(why));
  }
};

Task<void> send(Wire& wire, std::string bytes) {
  auto const all = asio::buffer(bytes);
  for (std::size_t sent = 0; sent < bytes.size();) {
    auto const [error, count] = co_await wire.socket.async_send(all + sent, by_value);
    if (error) co_return;
    sent += count;
  }
}

/// The next piece off the wire; empty at its end.
Task<Result<std::string>> receive(Wire& wire) {
  std::string piece(16384, '\0');
  auto const [error, count] = co_await wire.socket.async_receive(asio::buffer(piece), by_value);
  if (error && error != asio::error::eof)
    co_return wire.failure("the connection broke to", error.message());
  piece.resize(count);
  co_return piece;
}

void feed(TlsSession& session, std::string const& piece) {
  session.feed(std::as_bytes(std::span(piece)));
}

Task<Result<void>> shake_hands(Wire& wire) {
  wire.stage = "the TLS handshake did not end";
  for (;;) {
    Step const step = wire.tls->handshake();
    co_await send(wire, wire.tls->take_output());
    if (step == Step::done) co_return Result<void>();
    if (step == Step::failed) co_return wire.failure("no TLS with", wire.tls->failure());
    auto const piece = co_await receive(wire);
    if (!piece) co_return fail(piece.error());
    if (piece->empty()) co_return wire.failure("no TLS with", "the server closed the connection");
    feed(*wire.tls, *piece);
  }
}

/// What a piece off the wire says; nothing where that was the end.
Result<std::optional<std::string>> meaning(Wire& wire, std::string piece) {
  if (piece.empty()) return std::nullopt;
  if (!wire.tls) return std::optional(std::move(piece));
  feed(*wire.tls, piece);
  std::string bytes;
  Step const step = wire.tls->read(bytes);
  // Under TLS 1.3 this is where a server tells that it does not take our certificate.
  if (step == Step::failed && bytes.empty())
    return wire.failure("the connection was ended by", wire.tls->failure());
  if (step != Step::wants_input && bytes.empty()) return std::nullopt;
  return std::optional(std::move(bytes));
}

Task<Result<void>> listen(Wire& wire) {
  wire.stage = "the answer did not come to its end";
  for (;;) {
    auto piece = co_await receive(wire);
    if (!piece) co_return fail(piece.error());
    auto const said = meaning(wire, std::move(*piece));
    if (!said) co_return fail(said.error());
    if (!*said || (!(*said)->empty() && !wire.exchange.hear(**said))) co_return Result<void>();
  }
}

Task<Result<void>> talk(Wire& wire) {
  auto dialled = co_await dial(wire.exchange.address, wire.stage);
  if (!dialled) co_return fail(std::move(dialled.error()));
  wire.socket.assign(asio::generic::stream_protocol(AF_UNSPEC, 0), dialled->release());
  auto question = wire.exchange.question;
  if (wire.exchange.tls != nullptr) {
    auto session = TlsSession::create(*wire.exchange.tls);
    if (!session) co_return fail(std::move(session.error()));
    wire.tls = std::move(*session);
    if (auto safe = co_await shake_hands(wire); !safe) co_return safe;
    wire.tls->write(question);
    question = wire.tls->take_output();
  }
  wire.stage = "the request was not taken";
  co_await send(wire, std::move(question));
  co_return co_await listen(wire);
}

}  // namespace

Task<Result<void>> converse(Exchange exchange) {
  auto const loop = co_await asio::this_coro::executor;
  Wire wire{exchange, Socket(loop)};
  asio::steady_timer timer(loop, exchange.limit);
  auto answer = co_await (talk(wire) || timer.async_wait(by_value));
  if (answer.index() == 0) co_return std::move(std::get<0>(answer));
  co_return wire.failure("no answer in " + to_text(exchange.limit) + " from", wire.stage);
}

}  // namespace certpivot::crypto
