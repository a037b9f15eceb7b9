#include "crypto/tls_client.hpp"

#include <array>
#include <utility>

#include "base/units.hpp"
#include "crypto/dial.hpp"
#include "crypto/tls_session.hpp"
#include "loop/asio.hpp"

namespace certpivot::crypto {
namespace {

using namespace asio::experimental::awaitable_operators;
using Stream = asio::generic::stream_protocol;  // TCP, or a socket in the file system

// With this, Asio's functions answer with values instead of exceptions.
constexpr auto as_value = asio::as_tuple(asio::use_awaitable);

// So long a server may take to say that it refuses a certificate after the handshake.
constexpr Duration judging_time = std::chrono::milliseconds(500);

// One conversation with a server, and how far it has come, for the sentence when the time is over.
struct Conversation {
  HandshakeRequest const& request;
  Stream::socket socket;
  std::string stage = {};

  [[nodiscard]] tl::unexpected<Error> failure(std::string what, std::string why,
                                              std::string remedy = {}) const {
    return fail(std::move(what), request.address.text(), std::move(why), std::move(remedy));
  }
};

template <class Side>
Task<void> flush(Conversation& conversation, Side& side) {
  std::string const output = side.take_output();
  std::size_t sent = 0;
  while (sent < output.size()) {
    auto const [error, count] = co_await conversation.socket.async_send(
        asio::buffer(output.data() + sent, output.size() - sent), as_value);
    if (error) co_return;
    sent += count;
  }
}

template <class Side>
Task<boost::system::error_code> receive(Conversation& conversation, Side& side) {
  std::array<std::byte, 16384> buffer{};
  auto const [error, count] =
      co_await conversation.socket.async_receive(asio::buffer(buffer), as_value);
  if (!error) side.feed(std::span(buffer).first(count));
  co_return error;
}

// How a part of the conversation ended: with a step's answer, or with the connection.
struct Ending {
  Step step = Step::wants_input;
  boost::system::error_code broken = {};
};

// Repeats `step` of our side, an Opening or a TlsSession, sending and receiving for it, until it is
// through.
template <class Side>
Task<Ending> carry(Conversation& conversation, Side& side, Step (Side::*step)()) {
  for (;;) {
    Ending ending{(side.*step)(), {}};
    // An alert of ours goes out as well, so that the server's log can name it. What cannot be sent
    // is no failure yet: a server that refuses us may close early, and its alert is still to be
    // read.
    co_await flush(conversation, side);
    if (ending.step != Step::wants_input) co_return ending;
    ending.broken = co_await receive(conversation, side);
    if (ending.broken) co_return ending;
  }
}

template <class Side>
std::string why_of(Ending const& ending, Side const& side) {
  if (ending.broken == asio::error::eof) return "the server closed the connection";
  if (ending.broken) return ending.broken.message();
  return side.failure();
}

bool failed(Ending const& ending) { return ending.broken || ending.step == Step::failed; }

Task<void> pass(Duration duration) {
  auto const loop = co_await asio::this_coro::executor;
  asio::steady_timer timer(loop, duration);
  co_await timer.async_wait(as_value);
}

// Waits for the server's judgement of our certificate, where it comes after the handshake.
Task<Result<void>> await_judgement(Conversation& conversation, TlsSession& session) {
  if (!session.certificate_wanted() || !session.judged_later()) co_return Result<void>{};
  conversation.stage = "the server did not say whether it takes the certificate";
  auto const first =
      co_await (carry(conversation, session, &TlsSession::hear) || pass(judging_time));
  // Silence, or a server that has nothing to say to us and closes: it has not objected.
  if (first.index() == 1) co_return Result<void>{};
  Ending const& ending = std::get<0>(first);
  if (!failed(ending) || ending.broken == asio::error::eof) co_return Result<void>{};
  co_return conversation.failure("the certificate offered was refused by", why_of(ending, session));
}

void say_goodbye(Conversation& conversation, TlsSession& session) {
  session.say_goodbye();
  // What does not fit into the socket's buffer at once is not worth waiting for.
  boost::system::error_code ignored;
  conversation.socket.non_blocking(true, ignored);
  conversation.socket.send(asio::buffer(session.take_output()), 0, ignored);
}

// What a handshake that failed means. A server that has shown its leaf, and then ends it because it
// wants a certificate that we do not have, has served all the same.
Result<void> judge_failure(Conversation const& conversation, TlsSession const& session,
                           Ending const& ending) {
  bool const about_ours = !session.chain().empty() && session.certificate_wanted() &&
                          (session.ended_by_alert() || ending.broken);
  std::string why = why_of(ending, session);
  if (!about_ours) return conversation.failure("no TLS handshake with", std::move(why));
  if (conversation.request.pair == nullptr) return {};
  return conversation.failure("the certificate offered was refused by", std::move(why));
}

// The plain text before TLS, where the protocol has one.
Task<Result<void>> agree_on_tls(Conversation& conversation) {
  conversation.stage = "the server did not agree to TLS";
  Opening opening(conversation.request.starttls);
  Ending const ending = co_await carry(conversation, opening, &Opening::proceed);
  if (!failed(ending)) co_return Result<void>{};
  co_return conversation.failure("no TLS with", why_of(ending, opening));
}

Task<Result<Served>> converse(Conversation& conversation) {
  ClientPair const* const pair = conversation.request.pair;
  auto const created = TlsSession::create({conversation.request.server_name, pair});
  if (!created) co_return fail(created.error());
  TlsSession& session = **created;
  auto dialled = co_await dial(conversation.request.address, conversation.stage);
  if (!dialled) co_return fail(std::move(dialled.error()));
  conversation.socket.assign(Stream(AF_UNSPEC, 0), dialled->release());
  auto passed = co_await agree_on_tls(conversation);
  if (!passed) co_return fail(std::move(passed.error()));

  conversation.stage = "the TLS handshake did not end";
  Ending const ending = co_await carry(conversation, session, &TlsSession::handshake);
  if (failed(ending)) {
    passed = judge_failure(conversation, session, ending);
  } else if (pair != nullptr) {
    passed = co_await await_judgement(conversation, session);
  }
  if (!passed) co_return fail(std::move(passed.error()));
  auto const& chain = session.chain();
  if (chain.empty()) co_return conversation.failure("no certificate was shown by", "");
  say_goodbye(conversation, session);
  co_return Served{chain.front().facts(), chain, session.protocol()};
}

}  // namespace

Task<Result<Served>> handshake(HandshakeRequest request) {
  auto const loop = co_await asio::this_coro::executor;
  Conversation conversation{request, Stream::socket(loop)};
  auto answer = co_await (converse(conversation) || pass(request.timeout));
  if (answer.index() == 0) co_return std::move(std::get<0>(answer));
  co_return conversation.failure("no answer in " + to_text(request.timeout) + " from",
                                 conversation.stage);
}

}  // namespace certpivot::crypto
