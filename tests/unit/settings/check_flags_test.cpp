#include "settings/check_flags.hpp"

#include <filesystem>

#include <doctest/doctest.h>

#include "reading.hpp"
#include "settings/rules.hpp"

using namespace certpivot;
using namespace certpivot::testing;
using settings::CheckFlags;
using settings::from_check_flags;
using namespace std::chrono_literals;

namespace {

Sentences complaints_of(CheckFlags const& flags) { return sentences(from_check_flags(flags)); }

std::string here(std::string const& name) { return std::filesystem::current_path() / name; }

}  // namespace

TEST_CASE("a pair is read by absolute paths, with no CA bundle that nobody asked for") {
  auto const pair = from_check_flags({.certificate = "web.crt", .key = "/k/web.key"}).value();
  settings::Certificate expected;
  expected.name = "web.crt";
  expected.source = {.certificate = here("web.crt"), .key = "/k/web.key", .ca = ""};
  CHECK(pair == expected);
}

TEST_CASE("a certificate without a key is a bundle") {
  auto const source = from_check_flags({.certificate = "/c/all.pem"}).value().source;
  CHECK(source.bundle == "/c/all.pem");
  CHECK(source.certificate.empty());
  CHECK(source.key.empty());
}

TEST_CASE("a directory is searched for names, unless the flags give them") {
  auto const found = from_check_flags({.source = "certs"}).value();
  CHECK(found.name == "certs");
  CHECK(found.source.directory == here("certs"));
  CHECK(found.source.find_names);
  CHECK(found.source.ca == "ca.crt");
  CHECK_FALSE(found.source.ca_required);
  auto const named = from_check_flags({.source = "/certs", .certificate = "a.pem", .ca = "b.pem"});
  settings::Source const expected{.directory = "/certs",
                                  .certificate = "a.pem",
                                  .key = "tls.key",
                                  .ca = "b.pem",
                                  .ca_required = true};
  CHECK(named->source == expected);
}

TEST_CASE("every flag of a judgement arrives as its value") {
  auto const one = from_check_flags({.certificate = "/c",
                                     .key = "/k",
                                     .passphrase_file = "pass",
                                     .anchors = "roots.pem",
                                     .purpose = "both",
                                     .names = {"a", "b"},
                                     .crl = {"/one.crl", "two.crl"},
                                     .revocation = "ocsp",
                                     .ocsp_url = "http://ocsp.internal",
                                     .ocsp_mode = "soft",
                                     .ocsp_timeout = "1s",
                                     .min_remaining = "10%",
                                     .max_lifetime = "47d",
                                     .skew = "5m",
                                     .relax = {"missing_key_usage"},
                                     .min_rsa_bits = 3072,
                                     .min_ec_bits = 384,
                                     .warning = "20d",
                                     .critical = "5d,5%"})
                       .value();
  CHECK(one.source.passphrase_file == here("pass"));
  settings::Trust expected;
  expected.anchors = here("roots.pem");
  expected.purpose = settings::Purpose::both;
  expected.names = {"a", "b"};
  expected.crl_files = {"/one.crl", here("two.crl")};
  expected.revocation = settings::Revocation::ocsp;
  expected.ocsp_url = "http://ocsp.internal";
  expected.ocsp_mode = settings::OcspMode::soft;
  expected.ocsp_timeout = 1s;
  expected.min_remaining = {{}, Share{10}};
  expected.max_lifetime = 47 * 24h;
  expected.skew = 5min;
  expected.relax = {"missing_key_usage"};
  expected.min_rsa_bits = 3072;
  expected.min_ec_bits = 384;
  CHECK(one.trust == expected);
  CHECK(one.expiry.warning == Threshold{20 * 24h, {}});
  CHECK(one.expiry.critical == Threshold{5 * 24h, Share{5}});
}

TEST_CASE("flags that are not given leave the defaults of a file") {
  auto const one = from_check_flags({}).value();
  CHECK(one.trust == settings::Trust{});
  CHECK(one.expiry == settings::Expiry{});
  CHECK(from_check_flags({.anchors = "system"})->trust.anchors == "system");
}

TEST_CASE("a CRL that is given is asked about, unless revocation says otherwise") {
  CHECK(from_check_flags({.crl = {"/x"}})->trust.revocation == settings::Revocation::crl);
  CHECK(from_check_flags({.crl = {"/x"}, .revocation = "off"})->trust.revocation ==
        settings::Revocation::off);
}

TEST_CASE("a responder that is given is asked, unless revocation says otherwise") {
  CheckFlags flags{.ocsp_url = "http://x"};
  CHECK(from_check_flags(flags)->trust.revocation == settings::Revocation::ocsp);
  flags.crl = {"/x"};
  CHECK(complaints_of(flags) ==
        Sentences{"--revocation must say which of --crl and --ocsp-url counts"});
  flags.revocation = "crl";
  CHECK(from_check_flags(flags)->trust.revocation == settings::Revocation::crl);
}

TEST_CASE("what is there and no file is no complaint about the flags that name a certificate") {
  CHECK(complaints_of({.certificate = "/", .key = "/", .ca = "/"}).empty());
  CHECK(complaints_of({.certificate = "/x", .anchors = "/"}).size() == 1);
}

TEST_CASE("how long a responder is waited for has its limits in flags, too") {
  for (std::string const good : {"100ms", "5m"}) {
    CAPTURE(good);
    CHECK(complaints_of({.ocsp_timeout = good}).empty());
  }
  for (std::string const bad : {"99ms", "301s"}) {
    CAPTURE(bad);
    CHECK(complaints_of({.ocsp_timeout = bad}).size() == 1);
  }
}

TEST_CASE("all that is wrong with the flags of check is told in one go") {
  CHECK(complaints_of({.key = "/k",
                       .ca = "/ca.pem",
                       .purpose = "sever",
                       .names = {"", "m\u00fcnchen.de", "spiffe://example.org/a/../web"},
                       .revocation = "maybe",
                       .ocsp_url = "ocsp.internal",
                       .ocsp_mode = "hard",
                       .ocsp_timeout = "1y",
                       .min_remaining = "soon",
                       .max_lifetime = "1y",
                       .skew = "-1s",
                       .relax = {"missing_keyusage"},
                       .min_rsa_bits = 511,
                       .min_ec_bits = 572,
                       .warning = "3d",
                       .critical = "x"}) ==
        Sentences{
            "--key needs --certificate, or --source with a directory",
            "--ca needs --certificate or --source; did you mean --anchors?",
            "--purpose must be \"server\", \"client\", \"both\" or \"any\", not \"sever\"; did "
            "you mean \"server\"?",
            "--name must not be empty", "--name " + settings::alternative_name("m\u00fcnchen.de"),
            "--name " + settings::alternative_name("spiffe://example.org/a/../web"),
            "--ocsp-url must be a URL with http://, not \"ocsp.internal\"",
            "--ocsp-mode must be \"require\" or \"soft\", not \"hard\"",
            "--ocsp-timeout must be a duration such as \"12h\" or \"30d\", not \"1y\"",
            "--revocation must be \"off\", \"crl\" or \"ocsp\", not \"maybe\"",
            "--min-remaining must be \"30d\", \"33%\" or both, as \"30d,33%\", not \"soon\"",
            "--max-lifetime must be a duration such as \"12h\" or \"30d\", not \"1y\"",
            "--skew must be a duration such as \"12h\" or \"30d\", not \"-1s\"",
            "--relax is no check that could be relaxed: \"missing_keyusage\"; did you mean "
            "'missing_key_usage'?",
            "--min-rsa-bits must be from 512 to 16384, not 511",
            "--min-ec-bits must be from 112 to 571, not 572",
            "--critical must be \"30d\", \"33%\" or both, as \"30d,33%\", not \"x\"",
            "--critical must not be reached before --warning; give both"});
}

TEST_CASE("the flags of check are held to the ranges of a file, both ends included") {
  CHECK(from_check_flags({.max_lifetime = "36600d", .skew = "30d"}));
  CHECK(complaints_of({.max_lifetime = "36601d", .skew = "31d"}) ==
        Sentences{"--max-lifetime must be from 0ms to 36600d, not \"36601d\"",
                  "--skew must be from 0ms to 30d, not \"31d\""});
}

TEST_CASE("revocation by CRL needs one") {
  CHECK(complaints_of({.revocation = "crl"}) ==
        Sentences{"--revocation needs a CRL; name its file by --crl"});
  CHECK(from_check_flags({.crl = {"/x"}, .revocation = "crl"}));
}

TEST_CASE("names in a directory are names of files") {
  CHECK(complaints_of({.source = "/certs", .certificate = "a/", .key = "b/", .ca = "c/"}) ==
        Sentences{"--certificate must name a file, not the directory \"a/\"",
                  "--key must name a file, not the directory \"b/\"",
                  "--ca must name a file, not the directory \"c/\""});
}

TEST_CASE("thresholds replace those of a file, in their order") {
  settings::Expiry const inherited{{10 * 24h, {}}, {5 * 24h, {}}};
  CHECK(expiry_from({}, inherited).value() == inherited);
  CHECK(expiry_from({.warning = "20d"}, inherited)->warning == Threshold{20 * 24h, {}});
  CHECK(expiry_from({.warning = "20d"}, inherited)->critical == inherited.critical);
  CHECK(expiry_from({.warning = "5d"}, inherited).has_value());
  CHECK_FALSE(expiry_from({.warning = "4d"}, inherited).has_value());
}

TEST_CASE("only the thresholds go with a configuration") {
  CHECK_FALSE(CheckFlags{.warning = "1d", .critical = "1h"}.ask_without_file());
  CHECK(CheckFlags{.skew = "1s"}.ask_without_file());
}
