#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string_view>

#include "base/placeholders.hpp"
#include "settings/complaint.hpp"
#include "settings/rules.hpp"
#include "settings/sections.hpp"

namespace certpivot::settings {

namespace {

using Http = Hook::Http;

// RFC 9110 section 5.6.2.
bool token_letter(char letter) {
  constexpr std::string_view others = "!#$%&'*+-.^_`|~";
  return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
         (letter >= '0' && letter <= '9') || others.find(letter) != std::string_view::npos;
}

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), token_letter);
}

bool is_field_value(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char letter) {
    return letter == '\t' || (static_cast<unsigned char>(letter) >= ' ' && letter != '\x7f');
  });
}

std::string method(std::string const& text) {
  return is_token(text) ? "" : "must be a method such as \"POST\", not " + in_quotes(text);
}

// The client writes these itself; a second one would be a way to smuggle a request.
bool is_of_client(std::string_view name) {
  constexpr std::array own{"host", "content-length", "transfer-encoding", "connection"};
  return std::any_of(own.begin(), own.end(), [name](std::string_view one) {
    return std::equal(one.begin(), one.end(), name.begin(), name.end(),
                      [](char lower, char given) { return lower == (given | 0x20); });
  });
}

void read_headers(Table& table, Http& http) {
  table.within("headers", [&http](Table& headers) {
    for (std::string const& name : headers.keys()) {
      std::string value;
      if (!headers.text_at(name, value)) continue;
      if (!is_token(name) || is_of_client(name))
        headers.remark(name, "there is no header " + in_quotes(name) + " to be set");
      else if (!is_field_value(value))
        headers.remark(name, "the header " + in_quotes(name) +
                                 " must not hold a line break or another control character");
      else
        http.headers.emplace_back(name, std::move(value));
    }
  });
}

std::string body(std::string const& text) {
  std::vector<std::string_view> const known(http_placeholders.begin(), http_placeholders.end());
  std::string wrong;
  auto const look = [&](std::string_view name) {
    bool const good = std::find(known.begin(), known.end(), name) != known.end();
    if (!good && wrong.empty())
      wrong = "must not hold {{" + escaped(name) + "}}, which stands for nothing" +
              did_you_mean_or_all(name, known);
    return std::string();
  };
  (void)fill_placeholders(text, look);
  return wrong;
}

constexpr unsigned first_code = 100;
constexpr unsigned last_code = 599;

// "2xx" or "204".
std::optional<Http::Codes> parse_codes(std::string_view text) {
  if (text.size() != 3) return std::nullopt;
  std::string_view const digits = text.ends_with("xx") ? text.substr(0, 1) : text;
  unsigned number = 0;
  auto const [rest, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc() || rest != digits.data() + digits.size()) return std::nullopt;
  if (digits.size() == 1) number *= 100;
  if (number < first_code || number > last_code) return std::nullopt;
  return Http::Codes{number, digits.size() == 1 ? number + 99 : number};
}

std::string codes(std::string const& text) {
  return parse_codes(text) ? ""
                           : R"(must be a status such as "204" or "2xx", not )" + in_quotes(text);
}

void read_expect(Table& table, Http& http) {
  std::vector<std::string> texts;
  if (!table.texts_or_integers("expect", texts, codes)) return;
  http.expect.clear();
  for (std::string const& text : texts)
    if (auto const parsed = parse_codes(text)) http.expect.push_back(*parsed);
  if (texts.empty()) table.complain("expect", "must name at least one status");
}

}  // namespace

void read_http_hook(Table& table, Hook& hook) {
  Http& http = hook.http;
  if (!table.text("url", http.url, hook_url) && !table.has("url")) table.require("url");
  table.text("method", http.method, method);
  read_headers(table, http);
  if (std::string text; table.text("body", text, body)) http.body = std::move(text);
  read_expect(table, http);
  table.text("anchors", http.anchors, anchors);
  table.flag("present", http.present);
  table.text("hmac_file", http.hmac_file, absolute_file);
  bool const tls = http.url.starts_with("https://");
  if (!tls && http.present) table.complain("present", "needs a URL with https://");
  if (!tls && !http.anchors.empty()) table.complain("anchors", "needs a URL with https://");
}

}  // namespace certpivot::settings
