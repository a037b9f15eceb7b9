#include <doctest/doctest.h>

#include "reading.hpp"

using namespace certpivot;
using namespace certpivot::testing;

namespace {

std::string hook(std::string const& keys) {
  return "[[certificate.hook]]\ntype = \"http\"\n" + keys;
}

settings::Hook::Http read(std::string const& keys) {
  return certificate(least + hook(keys)).hooks.at(0).http;
}

using Codes = std::vector<settings::Hook::Http::Codes>;

}  // namespace

TEST_CASE("an http hook needs a URL, and posts the event where nothing else is said") {
  settings::Hook::Http expected;
  expected.url = "http://127.0.0.1:8080/reload";
  CHECK(read("url = \"http://127.0.0.1:8080/reload\"\n") == expected);
  CHECK(expected.method == "POST");
  CHECK_FALSE(expected.body.has_value());
  CHECK(expected.expect == Codes{{200, 299}});
  CHECK(below(hook("")) == Sentences{"x.toml:5:1: required key 'certificate.hook.url' is missing"});
}

TEST_CASE("every key of an http hook is read") {
  settings::Hook::Http expected;
  expected.url = "https://web.internal/reload?now=1";
  expected.method = "PUT";
  expected.headers = {{"Authorization", "Bearer x"}, {"X-Site", "a b"}};
  expected.body = "{\"generation\": {{generation}}, \"file\": \"{{ certificate_file }}\"}";
  expected.expect = {{202, 202}, {300, 399}};
  expected.anchors = "system";
  expected.present = true;
  expected.hmac_file = "/etc/certpivot-test/hmac";
  CHECK(read("url = \"https://web.internal/reload?now=1\"\nmethod = \"PUT\"\n"
             "headers = { Authorization = \"Bearer x\", X-Site = \"a b\" }\n"
             "body = '{\"generation\": {{generation}}, \"file\": \"{{ certificate_file }}\"}'\n"
             "expect = [202, \"3xx\"]\nanchors = \"system\"\npresent = true\n"
             "hmac_file = \"/etc/certpivot-test/hmac\"\n") == expected);
}

TEST_CASE("a URL that no request can go to is refused") {
  for (std::string const url :
       {"", "web", "ftp://a", "http://a b", "http://a#b", "http://user:word@a", "http://a:0",
        "https://unix:/run/x.sock", "http://unix:run/x.sock"})
    CHECK(below(hook("url = \"" + url + "\"\n")) ==
          Sentences{"x.toml:7:7: 'certificate.hook.url' must be a URL with http:// or https://, or "
                    "http://unix:/path/of.sock:/request, not \"" +
                    url + "\""});
  CHECK(below(hook("url = \"http://unix:/run/x.sock:/reload\"\n")).empty());
  std::string const long_path = "/" + std::string(106, 'x');
  CHECK(below(hook("url = \"http://unix:" + long_path + ":/\"\n")).empty());
  CHECK(below(hook("url = \"http://unix:" + long_path + "x:/\"\n")).size() == 1);
}

TEST_CASE("a placeholder that stands for nothing is told with the nearest one") {
  auto const with_body = [](std::string const& body) {
    return below(hook("url = \"http://a\"\nbody = '" + body + "'\n"));
  };
  for (std::string_view const name : settings::http_placeholders)
    CHECK(with_body("{{" + std::string(name) + "}}").empty());
  CHECK(with_body("{{fingerprnt}} {{other}}") ==
        Sentences{"x.toml:8:8: 'certificate.hook.body' must not hold {{fingerprnt}}, which stands "
                  "for nothing; did you mean 'fingerprint'?"});
  CHECK(with_body("{{Generation}}") ==
        Sentences{"x.toml:8:8: 'certificate.hook.body' must not hold {{Generation}}, which stands "
                  "for nothing; did you mean 'generation'?"});
  CHECK(with_body("{{x}}").at(0).find("; there are event, time, certificate, ") !=
        std::string::npos);
  CHECK(with_body("{{\"a\": {{generation}}}}").empty());
}

TEST_CASE("what only TLS can do asks for https") {
  CHECK(below(hook("url = \"http://a\"\npresent = true\nanchors = \"system\"\n")) ==
        Sentences{"x.toml:8:11: 'certificate.hook.present' needs a URL with https://",
                  "x.toml:9:11: 'certificate.hook.anchors' needs a URL with https://"});
}
