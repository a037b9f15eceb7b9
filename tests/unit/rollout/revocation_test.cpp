#include "rollout/revocation.hpp"

#include <doctest/doctest.h>

#include "rollout/examine.hpp"
#include "support/crl.hpp"
#include "support/ocsp_responder.hpp"
#include "support/temp_directory.hpp"

using namespace certpivot;
using namespace certpivot::rollout;
using testing::from_now;
using testing::OcspResponder;
using testing::OcspResponse;
using Found = Look::Found;

namespace {

/// A source with a pair, a CA bundle and a CRL, all in force.
struct InForce {
  explicit InForce(settings::Revocation how) {
    settings.name = "web";
    settings.source.directory = directory.string();
    settings.trust.revocation = how;
    settings.trust.ocsp_timeout = std::chrono::seconds(30);
    if (how == settings::Revocation::crl) settings.source.crl = "ca.crl";
    directory.write("tls.crt", pair.certificate_pem);
    directory.write("tls.key", pair.key_pem);
    directory.write("ca.crt", authority.pem());
    directory.write("ca.crl", testing::crl(authority));
  }
  [[nodiscard]] Examination look() {
    auto found = examine(settings, known, evidence, from_now({}));
    known.evidence_version = found.evidence_version;
    return found;
  }
  [[nodiscard]] std::string revoked() {
    std::string const ca = authority.pem();
    publish::Content const content{pair.certificate_pem, pair.key_pem, ca, {}};
    auto const answer = revoked_in_force(settings, content, evidence, from_now({}));
    return answer ? answer->value_or("") : "unknown: " + answer.error().text();
  }
  [[nodiscard]] std::string revoking_crl() const {
    return testing::crl(authority, {.entries = {{pair.serial}}});
  }

  testing::TempDirectory directory = testing::TempDirectory();
  testing::Authority authority = testing::Authority();
  testing::Pair pair = authority.issue({.common_name = "web"});
  settings::Certificate settings = {};
  Known known = {};
  source::Evidence evidence = source::Evidence();
};

}  // namespace

TEST_CASE("what is in force is revoked by the CRL that stands in the source now") {
  InForce scene(settings::Revocation::crl);
  CHECK(scene.look().look.found == Found::good);
  CHECK(scene.revoked() == "");
  scene.directory.write("ca.crl", scene.revoking_crl());
  CHECK(scene.revoked().find("CN=web is revoked") != std::string::npos);
  // Whatever the source holds besides.
  scene.directory.write("tls.crt", "half");
  CHECK(scene.revoked().find("CN=web is revoked") != std::string::npos);
  scene.settings.trust.revocation = settings::Revocation::off;
  CHECK(scene.revoked() == "");
}

TEST_CASE("what is in force is revoked by a responder, and not by one that is silent") {
  for (auto const status :
       {OcspResponse::Status::good, OcspResponse::Status::revoked, OcspResponse::Status::unknown}) {
    InForce scene(settings::Revocation::ocsp);
    OcspResponder const responder(scene.authority, {.status = status});
    scene.settings.trust.ocsp_url = responder.url();
    auto const answer = scene.revoked();
    CHECK(answer.empty() == (status == OcspResponse::Status::good));
    CHECK(answer.starts_with("unknown: ") == (status == OcspResponse::Status::unknown));
    bool const good = status == OcspResponse::Status::good;
    CHECK((scene.look().look.found == Found::good) == good);
    CHECK(responder.asked() == 1);
  }
}

TEST_CASE("a CRL beside the source that changes is noticed, though the source does not") {
  InForce scene(settings::Revocation::crl);
  scene.settings.source.crl = "";
  scene.settings.trust.crl_files = {(scene.directory / "ca.crl").string()};
  auto const first = scene.look();
  scene.known.digest = first.digest;
  scene.known.snapshot_digest = first.snapshot_digest;
  CHECK(scene.look().refusals.empty());
  scene.directory.write("ca.crl", scene.revoking_crl());
  auto const changed = scene.look();
  CHECK(changed.look.found == Found::in_force);
  REQUIRE(changed.refusals.size() == 1);
  CHECK(changed.refusals[0].reason == trust::Reason::revoked);
  CHECK(scene.look().refusals.empty());  // nothing has changed since
}

TEST_CASE("a CRL alone that changes makes another candidate, and one that is missing waits") {
  InForce scene(settings::Revocation::crl);
  auto const first = scene.look();
  scene.known.digest = first.digest;
  CHECK(scene.look().look.found == Found::in_force);
  scene.directory.write("ca.crl", testing::der_of(testing::crl(scene.authority, {.number = 2})));
  auto const second = scene.look();
  CHECK(second.look.found == Found::good);
  REQUIRE(second.candidate);
  CHECK(second.candidate->content().crl->starts_with("-----BEGIN X509 CRL-----"));
  std::filesystem::remove(scene.directory / "ca.crl");
  CHECK(scene.look().look.found == Found::incomplete);
}
