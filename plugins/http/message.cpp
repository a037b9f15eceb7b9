#include "plugins/http/message.hpp"

#include <optional>
#include <sstream>

#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/http/dynamic_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

namespace certpivot::plugins {

namespace {

namespace beast = boost::beast;
namespace http = boost::beast::http;

constexpr std::uint32_t longest_head = 16 * 1024;
/// What may come in all, so that interim answers without end do not keep us.
constexpr std::size_t most_received = std::size_t{4} * longest_body;
constexpr unsigned first_final_status = 200;
constexpr unsigned switching_protocols = 101;

beast::string_view view(std::string_view text) { return {text.data(), text.size()}; }
std::string text_of(beast::string_view view) { return {view.data(), view.size()}; }

}  // namespace

std::string to_wire(HttpRequest const& request) {
  http::request<http::string_body> message;
  message.version(11);
  message.method_string(view(request.method));
  message.target(view(request.target));
  message.set(http::field::host, view(request.authority));
  message.set(http::field::user_agent, "certpivot");
  message.set(http::field::accept, "*/*");
  message.set(http::field::connection, "close");
  for (auto const& [name, value] : request.headers) message.set(view(name), view(value));
  message.body() = request.body;
  message.prepare_payload();
  std::ostringstream wire;
  wire << message;
  return wire.str();
}

struct HttpReader::Parser {
  // The one body that reserves nothing for the length that a server claims.
  using Message = http::response_parser<http::dynamic_body>;

  explicit Parser(bool without_body) : bodiless(without_body) { start(); }

  void start() {
    message.emplace();
    message->eager(true);
    message->skip(bodiless);
    message->header_limit(longest_head);
    message->body_limit(boost::none);
  }

  [[nodiscard]] bool is_long() const { return message->get().body().size() >= longest_body; }
  [[nodiscard]] bool is_interim() const {
    auto const status = message->get().result_int();
    return message->is_done() && status < first_final_status && status != switching_protocols;
  }

  bool bodiless;
  std::optional<Message> message = {};
  std::string pending = {};  ///< received, and not parsed yet
  std::size_t received = 0;
  beast::error_code failure = {};
};

HttpReader::HttpReader(std::string_view method)
    : parser_(std::make_unique<Parser>(method == "HEAD")) {}

HttpReader::~HttpReader() = default;

bool HttpReader::hear(std::string_view bytes) {
  parser_->pending += bytes;
  parser_->received += bytes.size();
  while (!parser_->pending.empty()) {
    auto const used =
        parser_->message->put(boost::asio::buffer(parser_->pending), parser_->failure);
    parser_->pending.erase(0, used);
    if (parser_->failure == http::error::need_more) {
      parser_->failure = {};
      break;
    }
    if (parser_->failure) return false;
    if (parser_->is_interim())
      parser_->start();
    else if (parser_->message->is_done() || parser_->is_long())
      return false;
  }
  return parser_->received <= most_received;
}

Result<HttpAnswer> HttpReader::finish() {
  auto& message = *parser_->message;
  auto& failure = parser_->failure;
  // A body without a length ends with the connection.
  if (!failure && !message.is_done() && message.got_some()) message.put_eof(failure);
  if (!message.got_some()) return fail("there is no answer", {}, "the server hung up");
  if (!message.is_done() && !parser_->is_long())
    return fail("there is no whole HTTP answer", {},
                failure ? failure.message() : "it is too long");
  auto const& answer = message.get();
  return HttpAnswer{answer.result_int(), text_of(answer.reason()),
                    text_of(answer[http::field::location]),
                    beast::buffers_to_string(answer.body().data())};
}

}  // namespace certpivot::plugins
