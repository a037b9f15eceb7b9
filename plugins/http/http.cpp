#include "plugins/http/http.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "base/http_url.hpp"
#include "crypto/dial.hpp"
#include "crypto/exchange.hpp"
#include "crypto/hmac.hpp"
#include "loop/asio.hpp"
#include "loop/on_worker.hpp"
#include "loop/timer.hpp"
#include "plugins/http/body.hpp"
#include "plugins/http/material.hpp"
#include "plugins/http/message.hpp"
#include "plugins/http/refusal.hpp"

namespace certpivot::plugins {

namespace {

using Http = settings::Hook::Http;

constexpr auto signature_header = "X-Hub-Signature-256";
constexpr auto content_type_header = "Content-Type";
/// Names of header fields, in which capitals do not count.
bool equal_names(std::string_view one, std::string_view other) {
  return std::equal(one.begin(), one.end(), other.begin(), other.end(),
                    [](char left, char right) { return (left | 0x20) == (right | 0x20); });
}

std::string header(Http const& own, std::string_view name) {
  for (auto const& [given, value] : own.headers)
    if (equal_names(given, name)) return value;
  return {};
}

HttpRequest request_for(Http const& own, HttpUrl const& url, Material const& material,
                        event::Event const& event) {
  HttpRequest request{own.method, url.target, url.authority(), own.headers, {}};
  auto type = header(own, content_type_header);
  if (type.empty()) type = "application/json";
  bool const asks = own.method == "GET" || own.method == "HEAD";
  request.body = own.body ? fill_body(*own.body, type, event) : asks ? "" : event::to_json(event);
  if (!request.body.empty()) request.headers.emplace_back(content_type_header, type);
  if (!own.hmac_file.empty())
    request.headers.emplace_back(
        signature_header, "sha256=" + crypto::hmac_sha256(material.hmac_key.view(), request.body));
  return request;
}

/// Of fields that anybody may see.
bool is_public(std::string_view name) {
  constexpr std::array public_ones{"accept", "cache-control", "content-", "user-agent"};
  return std::any_of(public_ones.begin(), public_ones.end(), [name](std::string_view start) {
    return name.size() >= start.size() && equal_names(name.substr(0, start.size()), start);
  });
}

/// What must not stand in a failure: the URL's query, the values of header fields, and of "Bearer
/// abc" the token.
std::vector<std::string_view> secrets_of(HttpRequest const& request) {
  std::vector<std::string_view> secrets;
  std::string_view const target = request.target;
  if (auto const query = target.find('?'); query != std::string_view::npos) {
    secrets.push_back(target.substr(query + 1));
    secrets.push_back(target.substr(target.find_last_of("=&?") + 1));
  }
  for (auto const& [name, value] : request.headers) {
    if (is_public(name)) continue;
    secrets.emplace_back(value);
    secrets.push_back(secrets.back().substr(value.find_last_of(" =") + 1));
  }
  return secrets;
}

bool is_expected(unsigned status, std::vector<Http::Codes> const& expected) {
  return std::any_of(expected.begin(), expected.end(), [status](auto const& codes) {
    return status >= codes.least && status <= codes.most;
  });
}

class HttpHook final : public hook::Hook {
 public:
  HttpHook(settings::Hook const& settings, hook::Tools const& tools)
      : settings_(settings), tools_(tools), url_(parse_http_url(settings.http.url)) {}

  [[nodiscard]] std::string name() const override {
    return "http " + own().method + " " + (url_ ? url_->text() : std::string());
  }

  Task<Result<void>> check(event::Event const& /*event*/) override {
    if (!url_) co_return no_url();
    auto job = [own = own()] { return configured_material(own); };
    auto const readable = co_await on_worker(tools_.workers, std::move(job));
    if (!readable) co_return fail(readable.error());
    co_return co_await crypto::reach(address(), limit());
  }

  Task<Result<void>> reload(event::Event const& event) override {
    if (!url_) co_return no_url();
    auto const deadline = timer_.now() + limit();
    auto job = [own = own(), tls = url_->tls, paths = event.paths] {
      return tls ? whole_material(own, paths) : configured_material(own);
    };
    auto const material = co_await on_worker(tools_.workers, std::move(job));
    if (!material) co_return fail(material.error());
    auto const request = request_for(own(), *url_, *material, event);
    crypto::TlsOptions const tls{url_->host, material->pair ? &*material->pair : nullptr,
                                 material->anchors.get()};
    HttpReader reader(own().method);
    crypto::Exchange exchange;
    exchange.address = address();
    if (url_->tls) exchange.tls = &tls;
    exchange.question = to_wire(request);
    exchange.hear = [&reader](std::string_view bytes) { return reader.hear(bytes); };
    exchange.limit =
        std::max(std::chrono::duration_cast<Duration>(deadline - timer_.now()), Duration::zero());
    auto const talked = co_await crypto::converse(std::move(exchange));
    if (!talked) co_return fail(talked.error());
    co_return judge(reader.finish(), request);
  }

 private:
  [[nodiscard]] Http const& own() const { return settings_.http; }
  /// Shorter than the caller's, whose cancelling would leave nothing to say.
  [[nodiscard]] Duration limit() const { return settings_.timeout * 9 / 10; }
  [[nodiscard]] crypto::Address address() const { return {url_->host, url_->port, url_->socket}; }
  [[nodiscard]] static Result<void> no_url() {
    return fail("the http hook has no URL to ask", {}, {}, "correct url");
  }

  [[nodiscard]] Result<void> judge(Result<HttpAnswer> const& answer,
                                   HttpRequest const& request) const {
    if (!answer) return fail(answer.error().what + " from", url_->text(), answer.error().why);
    if (is_expected(answer->status, own().expect)) return {};
    return fail("the request was refused by", url_->text(),
                words_of_refusal(*answer, secrets_of(request)));
  }

  settings::Hook settings_;
  hook::Tools tools_;
  std::optional<HttpUrl> url_;
  LoopTimer timer_ = {};
};

}  // namespace

std::unique_ptr<hook::Hook> make_http_hook(settings::Hook const& settings,
                                           hook::Tools const& tools) {
  return std::make_unique<HttpHook>(settings, tools);
}

}  // namespace certpivot::plugins
