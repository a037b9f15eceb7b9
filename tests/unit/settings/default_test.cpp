#include <doctest/doctest.h>

#include "reading.hpp"

using namespace certpivot;
using namespace certpivot::testing;
using namespace std::chrono_literals;
using settings::KeyAccess;
using settings::OnFailure;
using settings::Purpose;

TEST_CASE("the least configuration leaves every default of the contract") {
  auto const all = settings::read_text(least, "x.toml").value();
  CHECK(all.agent.state == "/var/lib/certpivot");
  CHECK(all.agent.log.level == LogLevel::info);
  CHECK(all.agent.log.format == LogFormat::text);
  REQUIRE(all.certificates.size() == 1);
  auto const& web = all.certificates[0];
  CHECK(web.name == "web");
  CHECK(web.source.directory == "/mnt/certpivot-test/web");
  CHECK(web.source.certificate == "tls.crt");
  CHECK(web.source.key == "tls.key");
  CHECK(web.source.bundle.empty());
  CHECK(web.source.ca == "ca.crt");
  CHECK_FALSE(web.source.ca_required);
  CHECK(web.source.poll == 60s);
  CHECK(web.source.grace == 2s);
  CHECK(web.trust.anchors.empty());
  CHECK(web.trust.purpose == Purpose::server);
  CHECK(web.trust.names.empty());
  CHECK(web.trust.min_remaining == Threshold{});
  CHECK(web.trust.min_rsa_bits == 2048);
  CHECK(web.trust.min_ec_bits == 256);
  CHECK_FALSE(web.trust.allow_older);
  CHECK(web.trust.key_access == KeyAccess::any);
  CHECK_FALSE(web.publish.has_value());
  CHECK(web.hooks.empty());
  CHECK(web.probes.empty());
  CHECK(web.expiry.warning == Threshold{24h * 30, Share{33}});
  CHECK(web.expiry.critical == Threshold{24h * 7, Share{10}});
}

TEST_CASE("publish, hook and probe have the contract's defaults too") {
  auto const web = certificate(least +
                               "[certificate.publish]\n"
                               "directory = \"/run/certpivot-test/web\"\n"
                               "[[certificate.hook]]\n"
                               "type = \"nginx\"\n"
                               "[[certificate.probe]]\n"
                               "address = \"127.0.0.1:443\"\n");
  REQUIRE(web.publish.has_value());
  CHECK_FALSE(web.publish->owner.has_value());
  CHECK_FALSE(web.publish->group.has_value());
  CHECK(web.publish->certificate_mode == Mode{0644});
  CHECK(web.publish->key_mode == Mode{0640});
  CHECK(web.publish->keep == 5);
  REQUIRE(web.hooks.size() == 1);
  CHECK(web.hooks[0].timeout == 10s);
  CHECK(web.hooks[0].retries == 2);
  CHECK(web.hooks[0].on_failure == OnFailure::rollback);
  CHECK(web.hooks[0].nginx.config.empty());
  CHECK(web.hooks[0].nginx.pidfile.empty());
  CHECK(web.hooks[0].nginx.binary.empty());
  REQUIRE(web.probes.size() == 1);
  CHECK(web.probes[0].server_name.empty());
  CHECK_FALSE(web.probes[0].present);
  CHECK(web.probes[0].timeout == 10s);
  CHECK(web.probes[0].handshakes == 3);
  CHECK(web.probes[0].interval == 5min);
}
