#include "process/capture.hpp"

#include <algorithm>
#include <cstring>

#include <doctest/doctest.h>

#include "loop/asio.hpp"
#include "process/child.hpp"
#include "support/pki.hpp"
#include "support/run_task.hpp"

using namespace certpivot;
using namespace certpivot::process;

namespace {

std::string const remark = "[a private key was left out here]";

void print(Capture& capture, std::string_view text) {
  while (!text.empty()) {
    auto const room = capture.room();
    auto const size = std::min(room.size(), text.size());
    std::memcpy(room.data(), text.data(), size);
    capture.took(size);
    text.remove_prefix(size);
  }
}

std::string captured(std::string_view text) {
  Capture capture;
  print(capture, text);
  return capture.text();
}

}  // namespace

TEST_CASE("output without a private key comes through as it is, certificates included") {
  auto const pair = testing::Authority().issue();
  for (std::string const& text :
       {std::string(), std::string("reloaded\n"), std::string("-----BEGIN "), std::string("-----"),
        std::string("-----BEGIN a\nPRIVATE KEY-----\n"), pair.certificate_pem,
        std::string("-----END PRIVATE KEY-----\n"), std::string("a\0b", 3)}) {
    CHECK(captured(text) == text);
  }
}

TEST_CASE("a private key of every PEM label is left out, with what stands around it kept") {
  auto const key = testing::Authority().issue().key_pem;
  for (std::string const& block :
       {key, testing::traditional_key(key), testing::encrypted_key(key, "secret"),
        testing::encrypted_traditional_key(key, "secret"),
        std::string(
            "-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl\n-----END OPENSSH PRIVATE KEY-----\n"),
        std::string(
            "-----BEGIN PGP PRIVATE KEY BLOCK-----\nlQ\n-----END PGP PRIVATE KEY BLOCK-----\n")}) {
    CAPTURE(block);
    CHECK(captured("before\n" + block + "after\n") == "before\n" + remark + "\nafter\n");
    CHECK(captured(block + block) == remark + "\n" + remark + "\n");
  }
}

TEST_CASE("a private key is left out within a line, with CRLF, and behind a mark that is none") {
  CHECK(captured("+ echo '-----BEGIN PRIVATE KEY-----\\nMC4\\n-----END PRIVATE KEY-----'; exit") ==
        "+ echo '" + remark + "'; exit");
  CHECK(captured("-----BEGIN PRIVATE KEY-----\r\nMC4\r\n-----END PRIVATE KEY-----\r\n") ==
        remark + "\r\n");
  CHECK(captured("-----BEGIN X-----BEGIN PRIVATE KEY-----\nMC4\n-----END PRIVATE KEY-----") ==
        "-----BEGIN X" + remark);
}

TEST_CASE("a private key without its end is left out to the end") {
  auto const certificate = testing::Authority().issue().certificate_pem;
  CHECK(captured("a\n-----BEGIN EC PRIVATE KEY-----\nMC4CAQAw\n") == "a\n" + remark);
  // The end of something else is not its end.
  CHECK(captured("-----BEGIN PRIVATE KEY-----\nMC4CAQAw\n" + certificate) == remark);
}

TEST_CASE("a private key that comes in pieces of any size is left out") {
  auto const key = testing::Authority().issue().key_pem;
  for (std::size_t const size : {std::size_t{1}, std::size_t{7}, std::size_t{30}, key.size() - 5}) {
    Capture capture;
    for (std::size_t at = 0; at < key.size(); at += size) print(capture, key.substr(at, size));
    CHECK(capture.text() == remark + "\n");
  }
}

TEST_CASE("a private key that the limit cuts off is left out, and nothing after it is kept") {
  auto const key = testing::Authority().issue().key_pem;
  std::string const before(output_limit - key.size() / 2, 'x');
  Capture capture;
  print(capture, before + key + std::string(100000, 'y'));
  CHECK(capture.truncated());
  CHECK(capture.text() == before + remark);
}

TEST_CASE("exactly the limit is not cut off, one byte more is") {
  Capture capture;
  print(capture, std::string(output_limit, 'x'));
  CHECK(!capture.truncated());
  print(capture, "y");
  CHECK(capture.truncated());
  CHECK(capture.text() == std::string(output_limit, 'x'));
}

TEST_CASE("a program that prints its private key slowly gives none away") {
  auto const outcome = certpivot::testing::run_task(run(
      Command{{"/bin/sh", "-c",
               "printf -- '-----BEGIN PRI'; sleep 0.05; printf 'VATE KEY-----\\nMC4C'; sleep 0.05; "
               "printf 'AQAw\\n-----END PRIVATE'; sleep 0.05; printf ' KEY-----\\n'; echo done; "
               "exit 3"},
              {},
              {},
              std::chrono::seconds(30)},
      certpivot::testing::lasting_workers()));
  REQUIRE(outcome.has_value());
  CHECK(outcome->output == remark + "\ndone\n");
  CHECK(last_words(outcome->output) == remark + " | done");
}
