#include <doctest/doctest.h>

#include "reading.hpp"

using namespace certpivot;
using namespace certpivot::testing;
using namespace std::chrono_literals;

TEST_CASE("every supported key of a certificate arrives as its value") {
  auto const all = settings::read_text(R"(
[agent]
state = "/srv/certpivot-test"
include = []
log = { level = "debug", format = "json" }
[[certificate]]
name = "Web_1.a-b"
[certificate.source]
directory = "/mnt/certpivot-test/web"
certificate = "live/cert.pem"
key = "/etc/certpivot-test/key.pem"
ca = "root.pem"
poll = "5m"
grace = "0s"
[certificate.trust]
anchors = "/etc/certpivot-test/ca.pem"
purpose = "both"
names = ["*.web.internal", "10.0.0.7", "spiffe://example.org/web"]
min_remaining = "12.5%"
min_rsa_bits = 3072
min_ec_bits = 384
allow_older = true
key_access = "owner"
[certificate.publish]
directory = "/run/certpivot-test/web/"
owner = "nginx"
group = "101"
certificate_mode = "0444"
key_mode = "0400"
keep = 2
[certificate.expiry]
warning = "20d"
critical = ["5%"]
)",
                                       "x.toml")
                       .value();
  CHECK(all.agent.state == "/srv/certpivot-test");
  CHECK(all.agent.log.level == LogLevel::debug);
  CHECK(all.agent.log.format == LogFormat::json);
  auto const& web = all.certificates.at(0);
  CHECK(web.name == "Web_1.a-b");
  settings::Source const source{.directory = "/mnt/certpivot-test/web",
                                .certificate = "live/cert.pem",
                                .key = "/etc/certpivot-test/key.pem",
                                .ca = "root.pem",
                                .ca_required = true,
                                .poll = 5min,
                                .grace = 0s};
  CHECK(web.source == source);
  settings::Trust const trust{.anchors = "/etc/certpivot-test/ca.pem",
                              .purpose = settings::Purpose::both,
                              .names = {"*.web.internal", "10.0.0.7", "spiffe://example.org/web"},
                              .min_remaining = {.share = Share{12.5}},
                              .min_rsa_bits = 3072,
                              .min_ec_bits = 384,
                              .allow_older = true,
                              .key_access = settings::KeyAccess::owner};
  CHECK(web.trust == trust);
  settings::Publish const publish{.directory = "/run/certpivot-test/web/",
                                  .owner = "nginx",
                                  .group = "101",
                                  .certificate_mode = {0444},
                                  .key_mode = {0400},
                                  .keep = 2};
  CHECK(web.publish == publish);
  CHECK(web.expiry.warning == Threshold{.duration = 24h * 20});
  CHECK(web.expiry.critical == Threshold{.share = Share{5}});
}

TEST_CASE("hooks keep their order and get the keys of their type") {
  auto const web = certificate(least + R"(
[[certificate.hook]]
type = "signal"
signal = "sigusr1"
pidfile = "/run/certpivot-test.pid"
timeout = "500ms"
retries = 0
on_failure = "continue"
[[certificate.hook]]
type = "exec"
command = ["/usr/local/certpivot-test/reload", "--now", "two words"]
[[certificate.hook]]
type = "nginx"
config = "/etc/certpivot-test/nginx.conf"
pidfile = "/run/certpivot-test/nginx.pid"
binary = "/usr/certpivot-test/nginx"
)");
  REQUIRE(web.hooks.size() == 3);
  settings::Hook const signal{.type = "signal",
                              .timeout = 500ms,
                              .retries = 0,
                              .on_failure = settings::OnFailure::proceed,
                              .signal = {.signal = "USR1", .pidfile = "/run/certpivot-test.pid"}};
  CHECK(web.hooks[0] == signal);
  settings::Hook const exec{
      .type = "exec",
      .exec = {.command = {"/usr/local/certpivot-test/reload", "--now", "two words"}}};
  CHECK(web.hooks[1] == exec);
  settings::Hook const nginx{.type = "nginx",
                             .nginx = {.config = "/etc/certpivot-test/nginx.conf",
                                       .pidfile = "/run/certpivot-test/nginx.pid",
                                       .binary = "/usr/certpivot-test/nginx"}};
  CHECK(web.hooks[2] == nginx);
}

TEST_CASE("signals are stored upper case without SIG, and numbers as text") {
  auto const stored = [](std::string const& signal) {
    return certificate(least +
                       "[[certificate.hook]]\ntype = \"signal\"\npidfile = \"/run/x.pid\"\n" +
                       "signal = \"" + signal + "\"\n")
        .hooks.at(0)
        .signal.signal;
  };
  CHECK(stored("HUP") == "HUP");
  CHECK(stored("SIGHUP") == "HUP");
  CHECK(stored("winch") == "WINCH");
  CHECK(stored("1") == "1");
  CHECK(stored("64") == "64");
}

TEST_CASE("a probe takes a host or a bracketed IPv6 address with a port, or a socket's path") {
  auto const web = certificate(least + R"(
[[certificate.probe]]
address = "web.internal:8443"
server_name = "web.internal"
present = true
timeout = "3s"
handshakes = 1
interval = "1h"
[[certificate.probe]]
address = "[2001:db8::1]:65535"
[[certificate.probe]]
address = "unix:/run/web.sock"
)");
  REQUIRE(web.probes.size() == 3);
  settings::Probe const first{.address = "web.internal:8443",
                              .server_name = "web.internal",
                              .present = true,
                              .timeout = 3s,
                              .handshakes = 1,
                              .interval = 1h};
  CHECK(web.probes[0] == first);
  CHECK(web.probes[1].address == "[2001:db8::1]:65535");
  CHECK(web.probes[2].address == "unix:/run/web.sock");
}

TEST_CASE("a probe takes the protocols that begin in plain text") {
  using settings::Starttls;
  std::vector<std::pair<std::string, Starttls>> const protocols{
      {"none", Starttls::none}, {"postgres", Starttls::postgres}, {"smtp", Starttls::smtp},
      {"imap", Starttls::imap}, {"ldap", Starttls::ldap},         {"mysql", Starttls::mysql}};
  for (auto const& protocol : protocols) {
    CAPTURE(protocol.first);
    auto const web = certificate(least + "[[certificate.probe]]\naddress = \"a:1\"\nstarttls = \"" +
                                 protocol.first + "\"\n");
    CHECK(web.probes.at(0).starttls == protocol.second);
  }
}

TEST_CASE("a bundle stands instead of certificate and key") {
  auto const source = certificate(least + "bundle = \"all.pem\"\n").source;
  CHECK(source.bundle == "all.pem");
  CHECK(source.certificate.empty());
  CHECK(source.key.empty());
}

TEST_CASE("a source needs no directory where all its names are absolute") {
  auto const source = certificate(
                          "[[certificate]]\nname = \"a\"\n[certificate.source]\n"
                          "certificate = \"/a/tls.crt\"\nkey = \"/b/tls.key\"\n")
                          .source;
  CHECK(source.directory.empty());
  CHECK(source.certificate == "/a/tls.crt");
  CHECK(source.ca.empty());
}

TEST_CASE("an empty ca asks for none") {
  auto const source = certificate(least + "ca = \"\"\n").source;
  CHECK(source.ca.empty());
  CHECK_FALSE(source.ca_required);
}

TEST_CASE(
    "a certificate inherits each expiry key that it does not give, wherever [expiry] stands") {
  auto const all = settings::read_text(least +
                                           "[certificate.expiry]\ncritical = \"1h\"\n"
                                           "[[certificate]]\nname = \"b\"\n"
                                           "source.directory = \"/mnt/certpivot-test/b\"\n"
                                           "[expiry]\nwarning = [\"50%\", \"9d\"]\n",
                                       "x.toml")
                       .value();
  CHECK(all.certificates.at(0).expiry.warning == Threshold{24h * 9, Share{50}});
  CHECK(all.certificates.at(0).expiry.critical == Threshold{.duration = 1h});
  CHECK(all.certificates.at(1).expiry.warning == Threshold{24h * 9, Share{50}});
  CHECK(all.certificates.at(1).expiry.critical == Threshold{24h * 7, Share{10}});
}

TEST_CASE("what trust and the further files take arrives as its value") {
  auto const web = certificate(
      least +
      "crl = \"ca.crl\"\npassphrase_file = \"/etc/certpivot-test.pass\"\nbundle = \"a.p12\"\n"
      "[certificate.trust]\nmax_lifetime = \"398d\"\nskew = \"5m\"\nrelax = []\n"
      "revocation = \"ocsp\"\ncrl_files = [\"/etc/certpivot-test.crl\"]\n"
      "ocsp_url = \"http://ocsp\"\nocsp_mode = \"soft\"\nocsp_timeout = \"1s\"\n"
      "ca_rotation = \"any\"\n"
      "[certificate.publish]\ndirectory = \"/run/certpivot-test/w\"\nca_grace = \"1h\"\n"
      "combined = \"a\"\nfullchain = \"b\"\nchain = \"c\"\ncertificate_der = \"d\"\n"
      "key_der = \"e\"\n"
      "pkcs12 = { file = \"f\", passphrase_file = \"/etc/p12\", alias = \"web\", legacy = true "
      "}\n");
  CHECK(web.source.crl == "ca.crl");
  CHECK(web.source.passphrase_file == "/etc/certpivot-test.pass");
  CHECK(web.source.bundle == "a.p12");
  CHECK_FALSE(web.source.find_names);
  CHECK(web.trust.max_lifetime == 398 * 24h);
  CHECK(web.trust.skew == 5min);
  CHECK(web.trust.relax.empty());
  CHECK(web.trust.revocation == settings::Revocation::ocsp);
  CHECK(web.trust.crl_files == std::vector<std::string>{"/etc/certpivot-test.crl"});
  CHECK(web.trust.ocsp_url == "http://ocsp");
  CHECK(web.trust.ocsp_mode == settings::OcspMode::soft);
  CHECK(web.trust.ocsp_timeout == 1s);
  CHECK(web.trust.ca_rotation == settings::CaRotation::any);
  settings::Publish const expected{.directory = "/run/certpivot-test/w",
                                   .ca_grace = 1h,
                                   .combined = "a",
                                   .fullchain = "b",
                                   .chain = "c",
                                   .certificate_der = "d",
                                   .key_der = "e",
                                   .pkcs12 = settings::Pkcs12{"f", "/etc/p12", "web", true}};
  CHECK(web.publish == expected);
}

TEST_CASE("keys of later functions may stand where they ask for nothing") {
  CHECK(complaints(
            "[agent]\nsocket = \"\"\nlisten = \"\"\nplugins = \"\"\n" + least +
            "crl = \"\"\npassphrase_file = \"\"\nbundle = \"\"\n"
            "[certificate.trust]\nmin_remaining = \"0s\"\nocsp_url = \"\"\n"
            "[certificate.publish]\ndirectory = \"/run/certpivot-test/w\"\n"
            "combined = \"\"\nkey_der = \"\"\nowner = \"\"\ngroup = \"\"\n"
            "[[certificate.hook]]\ntype = \"nginx\"\ngroup = \"\"\nmin_interval = \"0s\"\n"
            "splay = \"0s\"\nlock = \"\"\n"
            "[[certificate.probe]]\naddress = \"a:1\"\nstarttls = \"none\"\ninterval = \"0s\"\n")
            .empty());
}
