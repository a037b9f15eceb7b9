#include "crypto/crl.hpp"

#include <algorithm>

#include <doctest/doctest.h>

#include "base/units.hpp"
#include "crypto/chain.hpp"
#include "support/crl.hpp"

using namespace certpivot;
using namespace certpivot::crypto;
using testing::Authority;
using testing::CrlOptions;
using testing::from_now;
using testing::Pair;

namespace {

auto const hour = std::chrono::hours(1);
auto const second = std::chrono::seconds(1);

Crl one(std::string const& bytes) {
  auto const crls = read_crls(bytes);
  REQUIRE(crls);
  REQUIRE(crls->size() == 1);
  return crls->front();
}

Certificate certificate(std::string const& pem) { return read_certificate(pem).value(); }

std::string why(std::string const& bytes) {
  auto const crls = read_crls(bytes);
  return crls ? "" : crls.error().text();
}

/// A leaf below an intermediate below a root, and the faults that verify_chain finds by CRLs.
struct Chain {
  Authority root = Authority({.common_name = "Root"});
  Authority intermediate = root.intermediate({.common_name = "Intermediate"});
  Pair pair = intermediate.issue();

  using Faults = std::vector<std::pair<ChainFault, int>>;
  [[nodiscard]] ChainAnswer checked(std::string const& crls, WallTime now = from_now({})) const {
    auto const anchors = Anchors::from_bundle(root.pem()).value();
    Certificate const leaf = certificate(pair.leaf_pem);
    std::vector<Certificate> const helpers{certificate(intermediate.pem())};
    std::vector<Crl> list;
    if (!crls.empty()) list = read_crls(crls).value();
    return verify_chain({leaf, helpers, *anchors, now, &list});
  }
  [[nodiscard]] Faults faults(std::string const& crls, WallTime now = from_now({})) const {
    Faults all;
    for (ChainProblem const& problem : checked(crls, now).problems)
      all.emplace_back(problem.fault, problem.depth);
    return all;
  }
  [[nodiscard]] std::string of_root(CrlOptions const& options = {}) const {
    return testing::crl(root, options);
  }
  [[nodiscard]] std::string of_intermediate(CrlOptions const& options = {}) const {
    return testing::crl(intermediate, options);
  }
};
using Faults = Chain::Faults;

}  // namespace

TEST_CASE("a CRL is read from PEM and from DER alike, and tells what it is") {
  Authority const root({.common_name = "Root"});
  auto const from = from_now(-hour);
  auto const until = from_now(hour);
  std::string const pem = testing::crl(root, {.entries = {{.serial = "0A"}, {.serial = "0B"}},
                                              .this_update = from,
                                              .next_update = until,
                                              .number = 300});
  for (std::string const& bytes : {pem, testing::der_of(pem)}) {
    Crl const crl = one(bytes);
    CHECK(crl.issuer() == "CN=Root");
    CHECK(crl.this_update() == from);
    CHECK(crl.next_update() == until);
    CHECK(crl.number() == "012C");
    CHECK(crl.count() == 2);
    CHECK_FALSE(crl.is_delta());
    CHECK(crl.limitation() == "");
    CHECK(to_pem({crl}).value() == pem);
  }
  CHECK_FALSE(one(testing::crl(root, {.without_next_update = true})).next_update());
  CHECK(one(testing::crl(root)).count() == 0);
}

TEST_CASE("CRLs that cannot be written are an error, and no empty text") {
  CHECK(to_pem({}).value() == "");
  CHECK_FALSE(to_pem({Crl(nullptr)}));
}

TEST_CASE("a file may hold the CRLs of several issuers, with text between them") {
  Authority const first({.common_name = "One"});
  Authority const other({.common_name = "Two"});
  auto const crls = read_crls("# One\n" + testing::crl(first) + "# Two\n" + testing::crl(other));
  REQUIRE(crls);
  REQUIRE(crls->size() == 2);
  CHECK(crls->back().issuer() == "CN=Two");
}

TEST_CASE("deltas and CRLs of a limited scope are known as such") {
  Authority const root;
  CHECK(one(testing::crl(root, {.delta_of = 1})).is_delta());
  CHECK(one(testing::crl(root, {.scope = "indirectCRL:TRUE"})).limitation() ==
        "is an indirect CRL");
  CHECK(one(testing::crl(root, {.scope = "onlysomereasons:keyCompromise"})).limitation() ==
        "is for some reasons only");
  CHECK(one(testing::crl(root, {.scope = "onlyCA:TRUE"})).limitation() == "");
}

TEST_CASE("what is no CRL, or holds anything besides, is an error that says so") {
  Authority const root;
  std::string const pem = testing::crl(root);
  std::string const der = testing::der_of(pem);
  CHECK(why("") != "");
  CHECK(why("nothing here").find("there is none") != std::string::npos);
  CHECK(why(root.pem()).find("another kind") != std::string::npos);
  CHECK(why(pem + root.key_pem()).find("another kind") != std::string::npos);
  CHECK(why(pem + "  -----BEGIN PRIVATE KEY-----\n").find("private key") != std::string::npos);
  CHECK(why(pem + testing::der_of(root.key_pem())).find("binary") != std::string::npos);
  CHECK(why(pem.substr(0, pem.size() / 2)).find("never ends") != std::string::npos);
  CHECK(why(der.substr(0, der.size() / 2)) != "");
  CHECK(why(der + "x").find("more follows") != std::string::npos);
  CHECK(why("-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n") != "");
}

namespace {

std::string element(char tag, std::string const& content) {
  auto const byte = [&](unsigned shift) { return static_cast<char>(content.size() >> shift); };
  std::string const size =
      content.size() < 128 ? std::string{byte(0)} : std::string{'\x83', byte(16), byte(8), byte(0)};
  return tag + size + content;
}

std::string sequence(std::string const& content) { return element('\x30', content); }

/// As often as half a megabyte has room for it.
std::string often(std::string const& content) {
  std::string all;
  while (all.size() < 512 * 1024) all += content;
  return all;
}

// Version 2, without a signature worth the name.
std::string crl_of(std::string const& issuer, std::string const& entries,
                   std::string const& extensions) {
  std::string const algorithm = sequence("\x06\x03\x2b\x65\x70");
  std::string const time = element('\x17', "261121000000Z");
  std::string const body = "\x02\x01\x01" + algorithm + sequence(issuer) + time +
                           sequence(entries) + element('\xa0', sequence(extensions));
  return sequence(sequence(body) + algorithm + element('\x03', std::string(2, '\0')));
}

}  // namespace

TEST_CASE("a CRL that would take many times its size once decoded is refused undecoded") {
  std::string const name = "\x31\x07\x30\x05\x06\x01\x2a\x13" + std::string(1, '\0');
  std::string const names = sequence(often("\x82" + std::string(1, '\0')));
  std::string const number = "\x02\x01\x05";
  std::string const begin = number + element('\x17', "261121000000Z");
  std::string const extension = "\x30\x05\x06\x01\x2a\x04" + std::string(1, '\0');
  auto const standard = [](char id, std::string const& value) {
    return sequence(std::string("\x06\x03\x55\x1d") + id + element('\x04', value));
  };
  std::string const several = sequence(begin + sequence(extension + extension));
  struct {
    std::string few;
    std::string many;
  } const cases[] = {
      {crl_of(name, "", ""), crl_of(often(name), "", "")},
      {crl_of(name, several, ""), crl_of(name, often(several), "")},
      {crl_of(name, sequence(begin), ""),
       crl_of(name, often("\x30\x05" + number + "\x17" + std::string(1, '\0')), "")},
      {crl_of(name, sequence(begin + sequence(extension)), ""),
       crl_of(name, sequence(begin + sequence(often(extension))), "")},
      {crl_of(name, "", extension), crl_of(name, "", often(extension))},
      {crl_of(name, "", standard('\x1c', sequence(""))),
       crl_of(name, "", standard('\x1c', sequence(element('\xa0', element('\xa0', names)))))},
      {crl_of(name, sequence(begin + sequence(standard('\x1d', sequence("")))), ""),
       crl_of(name, sequence(begin + sequence(standard('\x1d', names))), "")},
  };
  for (auto const& one_case : cases) {
    CHECK(why(one_case.few).find("small parts") == std::string::npos);
    CHECK(why(one_case.many).find("small parts") != std::string::npos);
  }
}

TEST_CASE("a CRL with elements of indefinite length is counted like any other") {
  std::string const name = "\x31\x07\x30\x05\x06\x01\x2a\x13" + std::string(1, '\0');
  std::string const endless("\x30\x80\x02\x01\x01\x17\0\0\0", 9);
  std::string const ordinary("\x30\x05\x02\x01\x01\x17\0", 7);
  std::string deep;
  for (int i = 0; i < 40; ++i) deep += endless;
  CHECK(why(crl_of(name, deep + ordinary, "")).find("small parts") == std::string::npos);
  CHECK(why(crl_of(name, deep + often(ordinary), "")).find("small parts") != std::string::npos);
}

TEST_CASE("a CRL that is marked as encrypted is refused, and nobody is asked for a passphrase") {
  CHECK(why("-----BEGIN X509 CRL-----\nProc-Type: 4,ENCRYPTED\n"
            "DEK-Info: AES-256-CBC,00112233445566778899AABBCCDDEEFF\n\nAAAA\n"
            "-----END X509 CRL-----\n")
            .find("it is encrypted") != std::string::npos);
}

TEST_CASE("a CRL of tens of thousands of entries is read, each with a reason") {
  CrlOptions options;
  for (int serial = 0; serial < 25'000; ++serial)
    options.entries.push_back({.serial = std::to_string(100'000 + serial), .reason = 1});
  Authority const root;
  std::string const pem = testing::crl(root, options);
  CHECK(one(pem).count() == 25'000);
  CHECK(one(testing::der_of(pem)).count() == 25'000);
}

TEST_CASE("an entry tells when and why, and one that takes a revocation back is none") {
  Authority const root;
  Pair const pair = root.issue();
  auto const at = from_now(-hour);
  auto const entry = [&](std::optional<int> reason) {
    return one(testing::crl(root, {.entries = {{pair.serial, at, reason}}}))
        .entry_of(certificate(pair.leaf_pem));
  };
  CHECK(entry({})->text() == "revoked at " + to_rfc3339_seconds(at));
  CHECK(entry(1)->text() == "revoked at " + to_rfc3339_seconds(at) + ", key compromise");
  CHECK(entry(6)->reason == "certificate hold");
  CHECK_FALSE(entry(8));
  CHECK_FALSE(one(testing::crl(root)).entry_of(certificate(pair.leaf_pem)));
  CHECK(reason_in_words(7) == "reason 7");
  CHECK(reason_in_words(10) == "AA compromise");
  CHECK(reason_in_words(11) == "reason 11");
  CHECK(reason_in_words(-1) == "reason -1");
}

TEST_CASE("every certificate below the anchor needs a CRL of its issuer, the anchor none") {
  Chain const chain;
  CHECK(chain.faults(chain.of_root() + chain.of_intermediate()) == Faults{});
  CHECK(chain.faults(chain.of_root()) == Faults{{ChainFault::crl_missing, 0}});
  CHECK(chain.faults(chain.of_intermediate()) == Faults{{ChainFault::crl_missing, 1}});
  CHECK(chain.faults("") == Faults{{ChainFault::crl_missing, 0}, {ChainFault::crl_missing, 1}});
}

TEST_CASE("a revoked leaf and a revoked intermediate are told apart, with the CRL that says so") {
  Chain const chain;
  std::string const leaf_revoked = chain.of_intermediate({.entries = {{chain.pair.serial}}});
  std::string const above_revoked =
      chain.of_root({.entries = {{testing::serial_of(chain.intermediate.pem())}}});
  CHECK(chain.faults(chain.of_root() + leaf_revoked) == Faults{{ChainFault::revoked, 0}});
  CHECK(chain.faults(above_revoked + chain.of_intermediate()) == Faults{{ChainFault::revoked, 1}});
  CHECK(chain.faults(above_revoked + leaf_revoked) ==
        Faults{{ChainFault::revoked, 0}, {ChainFault::revoked, 1}});
  auto const answer = chain.checked(chain.of_root() + leaf_revoked);
  REQUIRE(answer.problems.size() == 1);
  REQUIRE(answer.problems[0].crl);
  CHECK(answer.problems[0].crl->issuer() == "CN=Intermediate");
}

TEST_CASE("a CRL counts from the second of this update up to the one before next update") {
  Chain const chain;
  auto const from = from_now(-hour);
  auto const until = from_now(hour);
  std::string const crls =
      chain.of_root({.this_update = from - hour}) +
      chain.of_intermediate(
          {.entries = {{chain.pair.serial}}, .this_update = from, .next_update = until});
  // What is in it stays revoked when it has expired.
  CHECK(chain.faults(crls, from - second) ==
        Faults{{ChainFault::crl_not_yet_valid, 0}, {ChainFault::revoked, 0}});
  CHECK(chain.faults(crls, from) == Faults{{ChainFault::revoked, 0}});
  CHECK(chain.faults(crls, until - second) == Faults{{ChainFault::revoked, 0}});
  CHECK(chain.faults(crls, until) ==
        Faults{{ChainFault::crl_expired, 0}, {ChainFault::revoked, 0}});
  for (ChainProblem const& problem : chain.checked(crls, until).problems) {
    REQUIRE(problem.crl);
    CHECK(problem.crl->next_update() == until);
  }
  CHECK(chain.faults(chain.of_root() + chain.of_intermediate({.without_next_update = true}),
                     until) == Faults{});
}

TEST_CASE("a CRL that another key signed is unusable, and nothing that it says counts") {
  Chain const chain;
  Authority const stranger({.common_name = "Intermediate"});
  std::string const forged =
      chain.of_intermediate({.entries = {{chain.pair.serial}}, .signed_by = &stranger});
  CHECK(chain.faults(chain.of_root() + forged) == Faults{{ChainFault::crl_unusable, 0}});
  // One whose key identifier is another, too, is of another CA with the same name.
  CHECK(chain.faults(chain.of_root() + testing::crl(stranger)) ==
        Faults{{ChainFault::crl_missing, 0}});
}

TEST_CASE("a CRL is unusable for what its scope leaves out") {
  Chain const chain;
  auto const scoped = [&](std::string const& of_root, std::string const& of_intermediate) {
    return chain.faults(chain.of_root({.scope = of_root}) +
                        chain.of_intermediate({.scope = of_intermediate}));
  };
  CHECK(scoped("onlyCA:TRUE", "onlyuser:TRUE") == Faults{});
  CHECK(scoped("onlyuser:TRUE", "") == Faults{{ChainFault::crl_unusable, 1}});
  CHECK(scoped("", "onlyCA:TRUE") == Faults{{ChainFault::crl_unusable, 0}});
  CHECK(scoped("", "indirectCRL:TRUE") == Faults{{ChainFault::crl_missing, 0}});
}

TEST_CASE("of two CRLs of one issuer the newer one counts, whichever stands first") {
  Chain const chain;
  std::string const older = chain.of_intermediate({.this_update = from_now(-2 * hour)});
  std::string const newer =
      chain.of_intermediate({.entries = {{chain.pair.serial}}, .this_update = from_now(-hour)});
  for (std::string const& both : {older + newer, newer + older})
    CHECK(chain.faults(chain.of_root() + both) == Faults{{ChainFault::revoked, 0}});
}
