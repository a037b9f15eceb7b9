#include "crypto/ocsp.hpp"

#include <doctest/doctest.h>

#include "support/holds.hpp"
#include "support/ocsp_response.hpp"

using namespace certpivot;
using namespace certpivot::crypto;
using testing::Authority;
using testing::from_now;
using testing::holds;
using testing::OcspResponse;
using testing::Pair;

namespace {

auto const hour = std::chrono::hours(1);
auto const second = std::chrono::seconds(1);

Certificate certificate(std::string const& pem) { return read_certificate(pem).value(); }

struct Asked {
  Authority issuer = Authority({.common_name = "CA"});
  Pair pair = issuer.issue();
  OcspRequest request =
      OcspRequest::make(certificate(pair.leaf_pem), certificate(issuer.pem())).value();

  [[nodiscard]] Result<OcspStatus> read(OcspResponse const& options, WallTime now = from_now({}),
                                        Duration skew = {}) const {
    return request.read(testing::ocsp_response(request.der(), issuer, options), now, skew);
  }
  /// "good", "revoked", or what is wrong.
  [[nodiscard]] std::string word(OcspResponse const& options, WallTime now = from_now({}),
                                 Duration skew = {}) const {
    auto const status = read(options, now, skew);
    if (!status) return status.error().text();
    return status->revoked ? "revoked" : "good";
  }
};

}  // namespace

TEST_CASE("a response says good or revoked, and since when and why") {
  Asked const asked;
  CHECK(asked.word({}) == "good");
  auto const revoked = asked.read({.status = OcspResponse::Status::revoked});
  REQUIRE(revoked);
  REQUIRE(revoked->revoked);
  CHECK(revoked->revoked->at);
  CHECK(revoked->revoked->reason == "key compromise");
  CHECK(holds(asked.word({.status = OcspResponse::Status::unknown}), "does not know"));
}

TEST_CASE("a failure of the responder is told by its name") {
  Asked const asked;
  CHECK(holds(asked.word({.failure = 3}), "trylater"));
  CHECK(holds(asked.word({.failure = 6}), "unauthorized"));
}

TEST_CASE("each request has a nonce of its own, and a response with another one is refused") {
  Asked const asked;
  auto const again =
      OcspRequest::make(certificate(asked.pair.leaf_pem), certificate(asked.issuer.pem()));
  CHECK(again->der() != asked.request.der());
  CHECK(holds(asked.word({.nonce = OcspResponse::Nonce::other}), "nonce"));
  CHECK(asked.word({.nonce = OcspResponse::Nonce::none}) == "good");
  std::string const replayed = testing::ocsp_response(again->der(), asked.issuer, {});
  CHECK_FALSE(asked.request.read(replayed, from_now({}), {}));
}

TEST_CASE("a response about another certificate is refused") {
  Asked const asked;
  Pair const other = asked.issuer.issue();
  CHECK(holds(asked.word({.about = other.leaf_pem}), "another certificate"));
}

TEST_CASE("a response is fresh from this update, less the skew, up to next update") {
  Asked const asked;
  auto const from = from_now({});
  auto const until = from + hour;
  OcspResponse const limited{.this_update = from, .next_update = until};
  CHECK(asked.word(limited, from) == "good");
  CHECK(holds(asked.word(limited, from - second), "not valid before"));
  CHECK(asked.read(limited, from - second).error().remedy == "check the clock");
  CHECK(asked.word(limited, from - second, second) == "good");
  CHECK(holds(asked.word(limited, from - 2 * second, second), "not valid before"));
  CHECK(asked.word(limited, until - second) == "good");
  CHECK(holds(asked.word(limited, until), "stale"));
  CHECK(holds(asked.word(limited, until, hour), "stale"));
}

TEST_CASE("a response without a next update is fresh for a day") {
  Asked const asked;
  auto const from = from_now({});
  OcspResponse const endless{.this_update = from, .without_next_update = true};
  CHECK(asked.word(endless, from + 24 * hour) == "good");
  CHECK(holds(asked.word(endless, from + 24 * hour + second), "stale"));
}

TEST_CASE("a response without a nonce is accepted only while it is fresh") {
  Asked const asked;
  CHECK(holds(asked.word({.nonce = OcspResponse::Nonce::none, .next_update = from_now({})}),
              "stale"));
}

TEST_CASE("a revocation counts however old the response is") {
  Asked const asked;
  CHECK(asked.word({.status = OcspResponse::Status::revoked,
                    .this_update = from_now(-48 * hour),
                    .next_update = from_now(-24 * hour)}) == "revoked");
}

TEST_CASE("a response is signed by the issuer, or by a responder that it certified for that") {
  Asked const asked;
  using testing::LeafOptions;
  auto const signed_by = [&](Pair const& pair) { return asked.word({.signed_by = &pair}); };
  LeafOptions const responder{.common_name = "Responder", .purpose = testing::Purpose::ocsp};
  CHECK(signed_by(asked.issuer.issue(responder)) == "good");
  CHECK(holds(signed_by(asked.issuer.issue({.common_name = "Server"})),
              "CN=Server, which may not sign"));
  CHECK(holds(
      signed_by(asked.issuer.issue({.common_name = "Any", .purpose = testing::Purpose::none})),
      "CN=Any, which may not sign"));
  // Neither another CA's responder nor one of a CA below the issuer speaks for it.
  Authority const stranger({.common_name = "CA"});
  CHECK(holds(signed_by(stranger.issue(responder)), "CN=CA did not certify"));
  Authority const below = asked.issuer.intermediate({.common_name = "Below"});
  CHECK(holds(signed_by(below.issue(responder)), "did not certify"));
}

TEST_CASE("a response that is signed with SHA-1 is refused, whatever it says") {
  Asked const asked;
  CHECK(holds(asked.word({.with_sha1 = true}), "signed with SHA-1 or MD5"));
  CHECK(holds(asked.word({.status = OcspResponse::Status::revoked, .with_sha1 = true}),
              "signed with SHA-1 or MD5"));
}

TEST_CASE("a responder's certificate counts from its first second up to its last") {
  Asked const asked;
  auto const from = from_now({});
  auto const until = from + hour;
  Pair const responder = asked.issuer.issue(
      {.not_before = from, .not_after = until, .purpose = testing::Purpose::ocsp});
  OcspResponse const response{
      .this_update = from - hour, .next_update = until + hour, .signed_by = &responder};
  CHECK(asked.word(response, from) == "good");
  CHECK(holds(asked.word(response, from - second), "not valid now"));
  CHECK(asked.word(response, until - second) == "good");
  CHECK(holds(asked.word(response, until), "not valid now"));
}

TEST_CASE("no changed byte of a response is read as good or revoked by another word") {
  Asked const asked;
  std::string const good = testing::ocsp_response(asked.request.der(), asked.issuer, {});
  for (std::size_t at = 0; at < good.size(); ++at) {
    std::string changed = good;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    auto const status = asked.request.read(changed, from_now({}), {});
    // Bytes that nobody signs, such as those of certificates sent along, may be anything.
    if (status) CHECK_FALSE(status->revoked);
    CHECK_FALSE(asked.request.read(good.substr(0, at), from_now({}), {}));
  }
}

TEST_CASE("a certificate names its responder, plain http only") {
  Authority const root;
  auto const named = [&](std::string const& url) {
    return responder_of(certificate(root.issue({.ocsp_url = url}).leaf_pem));
  };
  CHECK(named("http://ocsp.internal/a") == "http://ocsp.internal/a");
  CHECK(named("https://ocsp.internal/a") == "");
  CHECK(named("") == "");
}
