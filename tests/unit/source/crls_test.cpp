#include "source/crls.hpp"

#include <doctest/doctest.h>

#include "source/evidence.hpp"
#include "support/crl.hpp"
#include "support/holds.hpp"
#include "support/sources.hpp"
#include "support/temp_directory.hpp"

using namespace certpivot;
using testing::Authority;
using testing::holds;
using testing::TempDirectory;

TEST_CASE("a file of CRLs is parsed once, and again when it is another version") {
  TempDirectory const place;
  Authority const root;
  std::string const path = place.write("ca.crl", testing::crl(root)).string();
  source::Crls crls;
  auto const first = crls.of_file(path);
  REQUIRE(first.crls);
  CHECK(first.path == path);
  CHECK(crls.of_file(path).crls == first.crls);
  testing::rename_over(path, testing::crl(root, {.entries = {{"0A"}}}));
  auto const second = crls.of_file(path);
  REQUIRE(second.crls);
  CHECK(second.crls != first.crls);
  CHECK(second.crls->front().count() == 1);
}

TEST_CASE("CRLs that nobody has asked for since long are forgotten") {
  TempDirectory const place;
  std::string const one = place.write("a.crl", testing::crl(Authority())).string();
  std::string const other = place.write("b.crl", testing::crl(Authority())).string();
  source::Crls forgetful(Duration::zero());
  source::Crls patient;
  std::weak_ptr const forgotten = forgetful.of_file(one).crls;
  std::weak_ptr const kept = patient.of_file(one).crls;
  CHECK(forgetful.of_file(one).crls == forgotten.lock());
  CHECK(forgetful.of_file(other).crls);
  CHECK(patient.of_file(other).crls);
  CHECK(forgotten.expired());
  CHECK_FALSE(kept.expired());
}

TEST_CASE("the same CRLs in two files, or in a snapshot, are one object") {
  TempDirectory const place;
  std::string const pem = testing::crl(Authority());
  source::Crls crls;
  auto const first = crls.of_file(place.write("a.crl", pem).string());
  REQUIRE(first.crls);
  CHECK(crls.of_file(place.write("b.crl", pem).string()).crls == first.crls);
  CHECK(crls.of_bytes({{.path = "/src/ca.crl"}, Secret::copy_of(pem)}).crls == first.crls);
}

TEST_CASE("a file that is missing, no CRL or too large is a failure that names it") {
  TempDirectory const place;
  source::Crls crls;
  auto const failure = [&](std::string const& path) {
    auto const file = crls.of_file(path);
    CHECK_FALSE(file.crls);
    CHECK(holds(file.failure, path));
    return file.failure;
  };
  CHECK(holds(failure(place / "gone.crl"), "does not exist"));
  CHECK(holds(failure(place.write("text.crl", "nothing").string()), "there is none"));
  CHECK(
      holds(failure(place.write("half.crl", "-----BEGIN X509 CRL-----\n").string()), "never ends"));
  CHECK(holds(failure(place.make("directory").string()), "a directory"));
  std::string const large(source::crl_size_limit, '\n');
  CHECK(holds(failure(place.write("limit.crl", large).string()), "there is none"));
  CHECK(holds(failure(place.write("large.crl", large + "\n").string()),
              "16777216 bytes, which no file of that kind needs; name the right file"));
}

TEST_CASE("a file that could not be used counts as soon as it can") {
  TempDirectory const place;
  source::Crls crls;
  std::string const path = place / "ca.crl";
  CHECK_FALSE(crls.of_file(path).crls);
  place.write("ca.crl", "half");
  CHECK_FALSE(crls.of_file(path).crls);
  testing::rename_over(path, testing::crl(Authority()));
  CHECK(crls.of_file(path).crls);
}

TEST_CASE("the source's CRL is the snapshot's, or the one that stands there now") {
  TempDirectory const place;
  Authority const root;
  settings::Certificate settings;
  settings.source.directory = place.path().string();
  settings.source.crl = "ca.crl";
  source::Evidence evidence;
  source::Snapshot snapshot;
  auto const absent = evidence.crls(settings, &snapshot);
  REQUIRE(absent.size() == 1);
  CHECK(absent[0].of_source);
  CHECK(holds(absent[0].failure, (place / "ca.crl").string()));

  snapshot.crl = source::FileBytes{{.path = place / "ca.crl"},
                                   Secret::copy_of(testing::crl(root, {.entries = {{"0A"}}}))};
  place.write("ca.crl", testing::crl(root));
  CHECK(evidence.crls(settings, &snapshot)[0].crls->front().count() == 1);
  CHECK(evidence.crls(settings, nullptr)[0].crls->front().count() == 0);
}

TEST_CASE(
    "the files beside the source are read, and told by version, with revocation by CRL only") {
  TempDirectory const place;
  settings::Certificate settings;
  settings.trust.crl_files = {place.write("a.crl", testing::crl(Authority())).string(),
                              place / "b.crl"};
  source::Evidence evidence;
  for (auto const off : {settings::Revocation::off, settings::Revocation::ocsp}) {
    settings.trust.revocation = off;
    CHECK(evidence.crls(settings, nullptr).empty());
    CHECK(source::Evidence::version(settings) == "");
  }
  settings.trust.revocation = settings::Revocation::crl;
  auto const files = evidence.crls(settings, nullptr);
  REQUIRE(files.size() == 2);
  CHECK(files[0].crls);
  CHECK_FALSE(files[1].crls);
  CHECK_FALSE(files[0].of_source);

  std::string const before = source::Evidence::version(settings);
  CHECK(source::Evidence::version(settings) == before);
  place.write("b.crl", testing::crl(Authority()));
  std::string const both = source::Evidence::version(settings);
  CHECK(both != before);
  settings.source.directory = place.path().string();
  settings.source.crl = "c.crl";
  place.write("c.crl", testing::crl(Authority()));
  CHECK(source::Evidence::version(settings) != both);
}
