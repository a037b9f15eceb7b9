#include "crypto/anchors.hpp"

#include <doctest/doctest.h>

#include "support/pki.hpp"
#include "support/sealed.hpp"

using namespace certpivot;
using namespace certpivot::crypto;
using testing::Authority;

namespace {

Certificate parsed(std::string const& pem) {
  auto certificate = read_certificate(pem);
  REQUIRE(certificate);
  return *certificate;
}

}  // namespace

TEST_CASE("anchors in OpenSSL's own form are refused by name") {
  std::string const good = Authority({.common_name = "One"}).pem();
  auto const anchors =
      Anchors::from_bundle(good + testing::pem_of("TRUSTED CERTIFICATE", testing::der_of(good)));
  REQUIRE_FALSE(anchors);
  CHECK(anchors.error().text().starts_with("there is a TRUSTED CERTIFICATE in it"));
}

TEST_CASE("anchors are all certificates of a bundle, whatever stands between them") {
  Authority const one({.common_name = "One"});
  Authority const two({.common_name = "Two"});
  Authority const other({.common_name = "One"});
  auto const anchors =
      Anchors::from_bundle("# One\n" + one.pem() + "# Two\n" + two.pem() + one.pem());
  REQUIRE(anchors);
  CHECK((*anchors)->certificates().size() == 3);
  CHECK((*anchors)->contain(parsed(two.pem())));
  CHECK_FALSE((*anchors)->contain(parsed(other.pem())));
}

TEST_CASE("anchors may be one certificate in DER, and nothing else that is DER") {
  Authority const root;
  auto const anchors = Anchors::from_bundle(testing::der_of(root.pem()));
  REQUIRE(anchors);
  CHECK((*anchors)->contain(parsed(root.pem())));
  for (std::string const& bad :
       {testing::der_of(root.pem()) + "\n", testing::der_of(testing::self_signed().key_pem),
        testing::der_of(root.pem()).substr(0, 100)}) {
    CHECK_FALSE(Anchors::from_bundle(bad));
  }
}

TEST_CASE("anchors know the bundle that they are from") {
  Authority const root;
  auto const anchors = Anchors::from_bundle(root.pem());
  REQUIRE(anchors);
  CHECK((*anchors)->are_from(root.pem()));
  CHECK_FALSE((*anchors)->are_from(root.pem() + "\n"));
}

TEST_CASE("more than 500 anchors are refused undecoded") {
  std::string const block = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
  std::string bundle;
  for (int i = 0; i < 500; ++i) bundle += block;
  auto const at_the_edge = Anchors::from_bundle(bundle);
  REQUIRE_FALSE(at_the_edge);
  CHECK(at_the_edge.error().what.find("number 1") != std::string::npos);
  auto const beyond = Anchors::from_bundle(bundle + block);
  REQUIRE_FALSE(beyond);
  CHECK(beyond.error().what.find("more than the 500") != std::string::npos);
}

TEST_CASE("a bundle without a certificate, or with a broken one, is an error") {
  auto const empty = Anchors::from_bundle("nothing here");
  REQUIRE_FALSE(empty);
  CHECK(empty.error().text().find("no certificate") != std::string::npos);
  CHECK_FALSE(Anchors::from_bundle(testing::self_signed().key_pem));
  Authority const root;
  auto const broken = Anchors::from_bundle(
      root.pem() + "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
  REQUIRE_FALSE(broken);
  CHECK(broken.error().text().find("number 2") != std::string::npos);
  CHECK_FALSE(Anchors::from_bundle(root.pem().substr(0, root.pem().size() / 2)));
}
