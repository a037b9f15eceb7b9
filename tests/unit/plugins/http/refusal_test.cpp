#include "plugins/http/refusal.hpp"

#include <doctest/doctest.h>

using namespace certpivot::plugins;

TEST_CASE("a refusal is told by its status, its target and the begin of its body on one line") {
  CHECK(words_of_refusal({503, "Service Unavailable", "", ""}, {}) ==
        "status 503 Service Unavailable");
  CHECK(words_of_refusal({400, "", "", "{\n  \"error\": \"no\x1b[31m\tkey\"\r\n}\n"}, {}) ==
        "status 400: { \"error\": \"no [31m key\" }");
  CHECK(words_of_refusal({302, "Found", "https://b/login", "moved"}, {}) ==
        "status 302 Found, which points to https://b/login: moved");
  CHECK(words_of_refusal({500, "", "", "a\xff"}, {}) == "status 500: a\xef\xbf\xbd");
}

TEST_CASE("512 bytes of the body are told, and not one more") {
  std::string const words = "status 500: ";
  CHECK(words_of_refusal({500, "", "", std::string(512, 'x')}, {}) ==
        words + std::string(512, 'x'));
  CHECK(words_of_refusal({500, "", "", std::string(513, 'x')}, {}) ==
        words + std::string(512, 'x'));
  CHECK(words_of_refusal({500, "", std::string(300, 'y'), ""}, {}) ==
        "status 500, which points to " + std::string(256, 'y'));
}

TEST_CASE("what we sent in confidence is left out of the words, wherever it comes back") {
  HttpAnswer const echo{401, "No", "http://a/?t=s3cret", "Authorization: Bearer s3cret; s3cret"};
  CHECK(words_of_refusal(echo, {"Bearer s3cret", "s3cret"}) ==
        "status 401 No, which points to http://a/?t=[...]: Authorization: [...]; [...]");
  CHECK(words_of_refusal({401, "", "", std::string(510, 'x') + "s3cret"}, {"s3cret"}) ==
        "status 401: " + std::string(510, 'x') + "[.");
  CHECK(words_of_refusal({401, "", "", "yes"}, {"y", ""}) == "status 401: yes");
}

TEST_CASE("a private key in the answer is left out, also where the excerpt would cut it") {
  std::string const key =
      "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49\n-----END PRIVATE KEY-----\n";
  CHECK(words_of_refusal({500, "", "", "E: " + key + "done"}, {}) ==
        "status 500: E: [a private key was left out here] done");
  auto const cut = words_of_refusal({500, "", "", std::string(470, 'x') + key}, {});
  CHECK(cut.find("MIGH") == std::string::npos);
}
