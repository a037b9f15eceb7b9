#include <algorithm>
#include <array>
#include <set>

#include <doctest/doctest.h>

#include "base/ip_address.hpp"
#include "support/program.hpp"
#include "support/temp_directory.hpp"
#include "unit/trust/openssl_cases.hpp"

using namespace certpivot;
using namespace certpivot::trust;

namespace {

/// What may differ from openssl-verify(1), and why.
struct Difference {
  std::string_view part;  ///< of the case's name
  bool accepted;          ///< by us, where openssl says the opposite
  std::string_view reason;
};

constexpr std::string_view another_way =
    "OpenSSL follows one path; where it fails, another that holds is taken";
constexpr std::string_view least_size = "trust.min_rsa_bits and min_ec_bits ask for more";
constexpr std::string_view partial_wildcard =
    "RFC 9525 section 6.3 has no wildcards for a part of a label";

constexpr std::array differences{
    Difference{"past the first", true, another_way},
    Difference{"past it", true, another_way},
    Difference{"leaf P-224", false, least_size},
    Difference{"intermediate P-224", false, least_size},
    Difference{"leaf secp256k1", false,
               "no peer of TLS 1.3 offers the curve (RFC 8446 section 4.2.3)"},
    Difference{"leaf RSA 2040", false, least_size},
    Difference{"intermediate RSA 2040", false, least_size},
    Difference{"strict: anchor with", true,
               "RFC 5280 section 6.1 takes only name and key from an anchor: a warning"},
    Difference{"purpose: keyEncipherment,", false,
               "a key that is not RSA can only sign (RFC 8446 section 4.4.2.2)"},
    Difference{"purpose: keyAgreement,", false,
               "TLS 1.3 and ECDHE sign with the leaf's key (RFC 8446 section 4.4.2.2)"},
    Difference{"web.example.org. of", true, "a final dot in a configured name is taken off"},
    Difference{"name: .example.org of", false, "a leading dot is none of RFC 9525's patterns"},
    Difference{"of w*.", false, partial_wildcard},
    Difference{"of *b.", false, partial_wildcard},
    Difference{"name: common name", false, "the common name never counts (RFC 9525 section 2)"},
};

bool is_listed(std::string const& name, bool accepted, Difference const& difference) {
  return accepted == difference.accepted && name.find(difference.part) != std::string::npos;
}

bool accepted_by_us(OpensslCase const& one) {
  Sample sample{
      .certificate = one.leaf + one.chain, .key = one.key, .anchors = one.anchors, .now = one.now};
  sample.rules.purpose = one.purpose;
  sample.rules.relax = {};
  if (!one.asked_name.empty()) sample.rules.names = {one.asked_name};
  return judged(sample).accepted();
}

bool accepted_by_openssl(OpensslCase const& one, testing::TempDirectory const& directory) {
  auto const seconds = std::chrono::floor<std::chrono::seconds>(one.now).time_since_epoch();
  std::vector<std::string> words{
      "/usr/bin/openssl",
      "verify",
      "-x509_strict",
      "-partial_chain",
      "-auth_level",
      "2",
      "-no-CAfile",
      "-no-CApath",
      "-no-CAstore",
      "-attime",
      std::to_string(seconds.count()),
      "-purpose",
      one.purpose == settings::Purpose::server ? "sslserver" : "sslclient",
      "-trusted",
      directory.write("anchors.pem", one.anchors).string()};
  if (!one.chain.empty()) {
    words.insert(words.end(), {"-untrusted", directory.write("chain.pem", one.chain).string()});
  }
  if (!one.asked_name.empty()) {
    bool const address = is_ip_address(one.asked_name);
    words.insert(words.end(), {address ? "-verify_ip" : "-verify_hostname", one.asked_name});
  }
  words.push_back(directory.write("leaf.pem", one.leaf).string());
  return testing::run_program(words).exit_code == 0;
}

std::vector<OpensslCase> all_cases() {
  std::vector<OpensslCase> all;
  for (auto const make :
       {shapes, strengths, times, constraints, strict_forms, purposes, alternative_names}) {
    for (OpensslCase& one : make()) all.push_back(std::move(one));
  }
  return all;
}

}  // namespace

TEST_CASE("at least 300 verdicts are those of openssl verify, but for differences with a reason") {
  testing::TempDirectory const directory;
  std::set<std::string> names;
  std::set<std::string_view> seen;
  for (OpensslCase const& one : all_cases()) {
    CAPTURE(one.name);
    CHECK(names.insert(one.name).second);
    bool const ours = accepted_by_us(one);
    if (ours == accepted_by_openssl(one, directory)) continue;
    auto const listed = std::find_if(
        differences.begin(), differences.end(),
        [&](Difference const& difference) { return is_listed(one.name, ours, difference); });
    CAPTURE(ours);
    CHECK(listed != differences.end());
    if (listed != differences.end()) seen.insert(listed->part);
  }
  CHECK(names.size() >= 300);
  // One that no case shows any more would hide the next that should be looked at.
  for (Difference const& difference : differences) {
    CAPTURE(difference.reason);
    CHECK(seen.count(difference.part) == 1);
  }
}
