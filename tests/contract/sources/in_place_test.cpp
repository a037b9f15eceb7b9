#include <doctest/doctest.h>

#include "support/scene.hpp"

using namespace certpivot::testing;

namespace {

// Nothing may be refused here, however slow the machine: the grace is far longer than a write
// takes.
struct Patient {
  Patient() {
    scene.source_keys = "directory = \"" + scene.source.string() + "\"\ngrace = \"60s\"\n";
    scene.hooks = exec_hook({"/bin/true"});
    first = scene.issue();
    for (auto const& [name, text] : scene.contents(first)) write_file(scene.source / name, text);
    scene.run();
    REQUIRE(scene.daemon().ending_of(first.fingerprint).event == "committed");
  }
  void must_arrive(Pair const& pair) {
    CHECK(scene.daemon().ending_of(pair.fingerprint).event == "committed");
    CHECK(scene.published() == pair.fingerprint);
    CHECK(read_file(scene.publish / "current" / "tls.key") == pair.key_pem);
  }
  Scene scene = {};
  Pair first = {};
};

}  // namespace

TEST_CASE("rewritten in place, the key first: the pair arrives when it is whole") {
  Patient patient;
  for (int turn = 0; turn < 5; ++turn) {
    Pair const pair = patient.scene.issue();
    rewrite_in_place(patient.scene.source / "tls.key", pair.key_pem);
    let_it_be_seen();
    rewrite_in_place(patient.scene.source / "tls.crt", pair.certificate_pem);
    patient.must_arrive(pair);
  }
  CHECK(patient.scene.daemon().all("refused").empty());
}

TEST_CASE("rewritten in place, the certificate first: the pair arrives when it is whole") {
  Patient patient;
  for (int turn = 0; turn < 5; ++turn) {
    Pair const pair = patient.scene.issue();
    rewrite_in_place(patient.scene.source / "tls.crt", pair.certificate_pem);
    let_it_be_seen();
    rewrite_in_place(patient.scene.source / "tls.key", pair.key_pem);
    patient.must_arrive(pair);
  }
  CHECK(patient.scene.daemon().all("refused").empty());
}

TEST_CASE("half-written files in between are waited out") {
  Patient patient;
  for (int turn = 0; turn < 5; ++turn) {
    Pair const pair = patient.scene.issue();
    std::string const& certificate = pair.certificate_pem;
    rewrite_in_place(patient.scene.source / "tls.crt",
                     certificate.substr(0, certificate.size() / 2));
    let_it_be_seen();
    rewrite_in_place(patient.scene.source / "tls.key", pair.key_pem.substr(0, 60));
    let_it_be_seen();
    rewrite_in_place(patient.scene.source / "tls.key", pair.key_pem);
    let_it_be_seen();
    rewrite_in_place(patient.scene.source / "tls.crt", certificate);
    patient.must_arrive(pair);
  }
  CHECK(patient.scene.daemon().all("refused").empty());
}

TEST_CASE("files renamed over, one after the other, arrive") {
  Patient patient;
  for (int turn = 0; turn < 5; ++turn) {
    Pair const pair = patient.scene.issue();
    rename_over(patient.scene.source / "tls.key", pair.key_pem);
    let_it_be_seen();
    rename_over(patient.scene.source / "tls.crt", pair.certificate_pem);
    patient.must_arrive(pair);
  }
  CHECK(patient.scene.daemon().all("refused").empty());
}

TEST_CASE("everything deleted and made again arrives") {
  Patient patient;
  for (int turn = 0; turn < 5; ++turn) {
    Pair const pair = patient.scene.issue();
    for (char const* const name : {"tls.crt", "tls.key", "ca.crt"}) {
      std::filesystem::remove(patient.scene.source / name);
    }
    let_it_be_seen();
    for (auto const& [name, text] : patient.scene.contents(pair)) {
      write_file(patient.scene.source / name, text);
    }
    patient.must_arrive(pair);
  }
  CHECK(patient.scene.daemon().all("refused").empty());
}
