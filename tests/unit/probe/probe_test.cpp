#include "probe/probe.hpp"

#include <doctest/doctest.h>

#include "loop/asio.hpp"
#include "support/pki.hpp"
#include "support/run_task.hpp"
#include "support/temp_directory.hpp"
#include "support/tls_server.hpp"

using namespace certpivot;
using namespace certpivot::testing;

namespace {

// Time passes only by sleeping, and sleeping takes no time.
class WrittenTimer final : public Timer {
 public:
  SteadyTime now() const override { return now_; }
  Task<void> sleep_for(Duration duration) override {
    pauses.push_back(duration);
    now_ += duration;
    co_return;
  }
  std::vector<Duration> pauses = {};

 private:
  SteadyTime now_ = {};
};

struct Answer {
  Result<void> proved;
  std::vector<Duration> pauses;
};

Answer ask(settings::Probe const& settings, std::string const& fingerprint,
           crypto::ClientPair const* pair = nullptr, std::vector<probe::Other> const& others = {}) {
  WrittenTimer timer;
  probe::Expected expected{.name = "generation 7", .others = others};
  expected.leaf.fingerprint = fingerprint;
  auto proved = run_task(probe::TlsProbe(timer).prove(settings, expected, pair));
  return {std::move(proved), timer.pauses};
}

settings::Probe settings_for(std::string address) {
  settings::Probe settings;
  settings.address = std::move(address);
  settings.server_name = "web.internal";
  return settings;
}

}  // namespace

TEST_CASE("as many handshakes in a row as configured are proof, without a pause") {
  Pair const pair = self_signed();
  TlsServer const server({.pairs = {pair}});
  Answer const answer = ask(settings_for(server.address()), pair.fingerprint);
  CHECK(answer.proved);
  CHECK(answer.pauses.empty());
  CHECK(server.wait_for(3).size() == 3);
}

TEST_CASE("a miss starts the count anew, because old and new workers overlap") {
  Pair const before = self_signed();
  Pair const after = self_signed();
  TlsServer const server({.pairs = {before, after, after, before, after}});
  Answer const answer = ask(settings_for(server.address()), after.fingerprint);
  CHECK(answer.proved);
  CHECK(server.wait_for(7).size() == 7);
  CHECK(answer.pauses == std::vector{Duration(20), Duration(40)});
}

TEST_CASE("pauses grow up to 200 ms") {
  Pair const before = self_signed();
  Pair const after = self_signed();
  TlsServer const server({.pairs = {before, before, before, before, before, before, after}});
  Answer const answer = ask(settings_for(server.address()), after.fingerprint);
  CHECK(answer.proved);
  CHECK(answer.pauses == std::vector{Duration(20), Duration(40), Duration(80), Duration(160),
                                     Duration(200), Duration(200)});
}

TEST_CASE("the failure says what is served instead, and how often") {
  Pair const before = self_signed({.common_name = "yesterday"});
  Pair const after = self_signed();
  TlsServer const server({.pairs = {before}});
  settings::Probe settings = settings_for(server.address());
  settings.timeout = std::chrono::milliseconds(100);
  Answer const answer = ask(settings, after.fingerprint);
  REQUIRE_FALSE(answer.proved);
  CHECK(answer.proved.error().text() ==
        "generation 7 is not proved to be served at " + server.address() +
            ": 0 of 3 handshakes in a row showed it in 100ms (0 of 3 in all), the last other one "
            "served was CN=yesterday, serial " +
            before.serial + ", SHA-256 " + before.fingerprint.substr(0, 12) + "… (" +
            before.fingerprint + "), valid until " + to_rfc3339_seconds(before.not_after) +
            "; does the server read the published files, and did the hook reach it?");
}

TEST_CASE("the failure says whose leaf is served, where that is one of the others") {
  Pair const before = self_signed();
  Pair const after = self_signed();
  TlsServer const server({.pairs = {before}});
  settings::Probe settings = settings_for(server.address());
  settings.timeout = std::chrono::milliseconds(100);
  std::string const end = "valid until " + to_rfc3339_seconds(before.not_after);
  auto const why_beside = [&](std::string const& fingerprint) {
    return ask(settings, after.fingerprint, nullptr,
               {{fingerprint, "generation 6, in force before"}})
        .proved.error()
        .why;
  };
  CHECK(why_beside(before.fingerprint).ends_with(end + ", that of generation 6, in force before"));
  CHECK(why_beside(self_signed().fingerprint).ends_with(end));
}

TEST_CASE("the failure says what the connection said where nothing is served") {
  int const port = free_port();
  settings::Probe settings = settings_for("127.0.0.1:" + std::to_string(port));
  settings.timeout = std::chrono::milliseconds(30);
  Answer const answer = ask(settings, self_signed().fingerprint);
  REQUIRE_FALSE(answer.proved);
  CHECK(answer.proved.error().why.find("Connection refused") != std::string::npos);
  // The last pause ends where the time does.
  CHECK(answer.pauses == std::vector{Duration(20), Duration(10)});
}

TEST_CASE("the pair is offered where the configuration says so, and only there") {
  Authority const authority;
  Pair const pair = authority.issue();
  Pair const stranger = self_signed();
  crypto::ClientPair const offered{stranger.certificate_pem, Secret::copy_of(stranger.key_pem)};
  TlsServer const server({.pairs = {pair}, .client_anchor_pem = authority.pem()});
  settings::Probe settings = settings_for(server.address());
  settings.timeout = std::chrono::seconds(5);
  CHECK(ask(settings, pair.fingerprint, &offered).proved);
  settings.present = true;
  Answer const answer = ask(settings, pair.fingerprint, &offered);
  REQUIRE_FALSE(answer.proved);
  CHECK(answer.proved.error().why.find("unknown CA") != std::string::npos);
}

TEST_CASE("IPv6 addresses stand in brackets") {
  Pair const pair = self_signed();
  TlsServer const server({.pairs = {pair}, .address = "::1"});
  CHECK(ask(settings_for(server.address()), pair.fingerprint).proved);
}

TEST_CASE(
    "a server that begins in plain text is asked for TLS, at a socket in the file system, too") {
  TempDirectory const directory;
  Pair const pair = self_signed();
  using settings::Starttls;
  std::vector<std::pair<std::string, Starttls>> const protocols{{"postgres", Starttls::postgres},
                                                                {"smtp", Starttls::smtp},
                                                                {"imap", Starttls::imap},
                                                                {"ldap", Starttls::ldap},
                                                                {"mysql", Starttls::mysql}};
  for (auto const& protocol : protocols) {
    std::string const& word = protocol.first;
    CAPTURE(word);
    TlsServer const server(
        {.pairs = {pair}, .address = directory / word, .opening = consent_of(word)});
    settings::Probe settings = settings_for(server.address());
    settings.starttls = protocol.second;
    CHECK(ask(settings, pair.fingerprint).proved);
  }
}

TEST_CASE("an address without a port is refused in a sentence") {
  Answer const answer = ask(settings_for("localhost"), "");
  REQUIRE_FALSE(answer.proved);
  CHECK(answer.proved.error().text() ==
        "cannot probe localhost: this is neither host:port nor unix:/path; correct address");
}
