#include "base/http_url.hpp"

#include <doctest/doctest.h>

using certpivot::HttpUrl;
using certpivot::parse_http_url;

TEST_CASE("a URL names a host and a port, or a socket, and what is asked for there") {
  struct Row {
    char const* text;
    HttpUrl url;
  };
  for (Row const& row :
       {Row{"http://web", {false, "web", "80", "", "/"}},
        Row{"https://web", {true, "web", "443", "", "/"}},
        Row{"http://web:8080/reload?now=1", {false, "web", "8080", "", "/reload?now=1"}},
        Row{"https://10.0.0.7?a", {true, "10.0.0.7", "443", "", "/?a"}},
        Row{"https://[::1]:8443/a:b", {true, "::1", "8443", "", "/a:b"}},
        Row{"http://[fe80::1%eth0]", {false, "fe80::1%eth0", "80", "", "/"}},
        Row{"http://unix:/run/app.sock", {false, "", "", "/run/app.sock", "/"}},
        Row{"http://unix:/run/app.sock:/reload?x", {false, "", "", "/run/app.sock", "/reload?x"}},
        Row{"http://web:65535", {false, "web", "65535", "", "/"}}}) {
    auto const parsed = parse_http_url(row.text);
    REQUIRE_MESSAGE(parsed, row.text);
    CHECK_MESSAGE(*parsed == row.url, row.text);
  }
}

TEST_CASE("what is no URL of HTTP is none") {
  for (char const* const text : {"",
                                 "web",
                                 "ftp://web",
                                 "http://",
                                 "https://",
                                 "http:///x",
                                 "http://:80",
                                 "http://web:",
                                 "http://web:0",
                                 "http://web:65536",
                                 "http://web:+8",
                                 "http://web:80a",
                                 "http://user@web",
                                 "http://user:word@web/",
                                 "http://web/#part",
                                 "http://web/a b",
                                 "http://web/\xc3\xa4",
                                 "http://[::1",
                                 "http://[]",
                                 "http://[web]",
                                 "http://[::1]8443",
                                 "http://::1",
                                 "http://unix:run/app.sock",
                                 "http://unix:",
                                 "https://unix:/run/app.sock"})
    CHECK_MESSAGE(!parse_http_url(text), text);
}

TEST_CASE("the Host field has no port that goes without saying, and people see no query") {
  struct Row {
    char const* text;
    char const* authority;
    char const* shown;
  };
  for (Row const& row :
       {Row{"http://web:80/a?token=1", "web", "http://web/a"},
        Row{"https://web:80/a", "web:80", "https://web:80/a"},
        Row{"https://[::1]:443", "[::1]", "https://[::1]/"},
        Row{"http://unix:/run/a.sock:/b?token=1", "localhost", "http://unix:/run/a.sock:/b"}}) {
    auto const url = parse_http_url(row.text);
    REQUIRE_MESSAGE(url, row.text);
    CHECK(url->authority() == row.authority);
    CHECK(url->text() == row.shown);
  }
}
