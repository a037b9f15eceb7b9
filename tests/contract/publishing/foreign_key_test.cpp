#include <doctest/doctest.h>

#include "support/crl.hpp"
#include "support/scene.hpp"

using namespace certpivot::testing;

namespace {

/// Every file that was ever published and is still there.
std::string all_below(std::filesystem::path const& directory) {
  std::string all;
  for (auto const& entry : std::filesystem::recursive_directory_iterator(directory))
    if (entry.is_regular_file()) all += read_file(entry.path());
  return all;
}

}  // namespace

TEST_CASE("a private key in a file of certificates or CRLs is published nowhere") {
  Authority const other({.common_name = "Other"});
  std::string const key = other.key_pem();
  for (std::string const name : {"tls.crt", "ca.crt", "ca.crl"}) {
    CAPTURE(name);
    Scene scene;
    scene.source_keys += "crl = \"ca.crl\"\n";
    rename_over(scene.source / "ca.crl", crl(scene.authority));
    (void)scene.first_in_force();
    Daemon& daemon = scene.daemon();

    Pair const next = scene.issue();
    Contents good = scene.contents(next);
    good["ca.crt"] += other.pem();
    good["ca.crl"] = crl(scene.authority, {.number = 2});
    for (std::string const& bytes : {key, der_of(key), "  " + key}) {
      Contents bad = good;
      bad[name] += bytes;
      rename_over(scene.source / name, bad[name]);
      CHECK(daemon.next("refused").reasons.find(name == "ca.crl" ? "crl_unavailable"
                                                                 : "malformed_certificate") !=
            std::string::npos);
    }
    scene.offer_files(good);
    CHECK(daemon.ending_of(next.fingerprint).event == "committed");
    std::string const published = all_below(scene.publish);
    CHECK(published.find(other.pem()) != std::string::npos);
    CHECK_FALSE(holds_key_bytes(published, key));
    CHECK(published.find(der_of(key)) == std::string::npos);
  }
}
