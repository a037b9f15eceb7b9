#include "command/check_connect.hpp"

#include <utility>

#include "crypto/certificate.hpp"
#include "crypto/pem.hpp"
#include "crypto/private_key.hpp"
#include "crypto/tls_client.hpp"
#include "loop/asio.hpp"
#include "rollout/examine.hpp"
#include "settings/rules.hpp"
#include "source/names.hpp"
#include "source/read.hpp"

namespace certpivot::command {

namespace {

Result<crypto::Served> shake_hands(crypto::HandshakeRequest const& request) {
  asio::io_context loop(1);
  Result<crypto::Served> answer = fail("no handshake with", request.address.text());
  asio::co_spawn(loop, crypto::handshake(request),
                 [&answer](std::exception_ptr const& thrown, Result<crypto::Served> served) {
                   if (thrown) std::rethrow_exception(thrown);
                   answer = std::move(served);
                 });
  loop.run();
  return answer;
}

Result<void> belong_together(source::Snapshot const& pair) {
  auto const certificates = crypto::readable_certificates(pair.certificate.bytes.view());
  auto const keys = crypto::private_key_blocks(pair.key.bytes.view());
  // What is no certificate or no key is told by the handshake.
  if (certificates.empty() || !keys || keys->empty()) return {};
  auto const key = crypto::read_private_key(keys->front());
  if (!key || key->matches(certificates.front())) return {};
  return fail("cannot present", pair.certificate.facts.path,
              "the private key in " + pair.key.facts.path + " belongs to another certificate",
              "give the two of one pair");
}

/// The pair to present, or why it cannot be had.
Result<crypto::ClientPair> pair_of(ConnectOptions const& options) {
  settings::Source source;
  source.certificate = source::absolute(options.present_certificate);
  source.key = source::absolute(options.present_key);
  source.ca.clear();
  auto snapshot = source::read(source);
  if (!snapshot) return fail(snapshot.error().front().text);
  if (auto const together = belong_together(*snapshot); !together) return fail(together.error());
  return crypto::ClientPair{std::string(snapshot->certificate.bytes.view()),
                            std::move(snapshot->key.bytes)};
}

Result<crypto::Served> ask(ConnectOptions const& options, std::string const& server_name) {
  auto const address = crypto::parse_address(options.address);
  if (!address)
    return fail("cannot connect to", options.address, "this is neither host:port nor unix:/path");
  crypto::HandshakeRequest request{.address = *address,
                                   .server_name = server_name,
                                   .starttls = crypto::starttls_of(options.starttls).value()};
  if (options.present_certificate.empty()) return shake_hands(request);
  auto const pair = pair_of(options);
  if (!pair) return fail(pair.error());
  request.pair = &*pair;
  return shake_hands(request);
}

source::Snapshot snapshot_of(std::vector<crypto::Certificate> const& chain,
                             std::string const& address) {
  std::string pem;
  for (crypto::Certificate const& certificate : chain) pem += certificate.pem();
  source::Snapshot snapshot;
  snapshot.certificate = {{.path = "the chain that " + address + " sends"}, Secret::copy_of(pem)};
  return snapshot;
}

ServedChain chain_of(crypto::Served const& served) {
  ServedChain chain{.protocol = served.protocol};
  for (crypto::Certificate const& certificate : served.chain)
    chain.subjects.push_back(certificate.subject());
  return chain;
}

std::string server_name_of(ConnectOptions const& options) {
  if (!options.server_name.empty()) return options.server_name;
  auto const address = crypto::parse_address(options.address);
  return address ? address->host : std::string();
}

}  // namespace

std::vector<settings::Complaint> complaints_about(ConnectOptions const& options) {
  std::vector<settings::Complaint> all;
  auto const complain = [&all](std::string text) { all.push_back({{}, 0, 0, std::move(text)}); };
  if (auto const wrong = settings::address(options.address); !wrong.empty())
    complain("--connect " + wrong);
  if (!options.server_name.empty())
    if (auto const wrong = settings::server_name(options.server_name); !wrong.empty())
      complain("--server-name " + wrong);
  if (options.present_certificate.empty() != options.present_key.empty())
    complain("--present-certificate and --present-key belong together; give both");
  return all;
}

CheckReport check_connect(settings::Certificate settings, ConnectOptions const& options,
                          source::Evidence& evidence, WallTime now) {
  std::string const server_name = server_name_of(options);
  // A socket's path is no name that a certificate could hold.
  if (settings.trust.names.empty() && !server_name.empty())
    settings.trust.names.push_back(server_name);
  CheckReport report{.name = options.address};
  auto const served = ask(options, server_name);
  if (served) {
    auto const snapshot = snapshot_of(served->chain, options.address);
    auto verdict = rollout::judge(settings, snapshot, {}, evidence, now);
    report.refusals = std::move(verdict.refusals);
    report.warnings = std::move(verdict.warnings);
    report.leaf = served->leaf;
    report.due = verdict.due;
    report.served = chain_of(*served);
  } else {
    report.absent = true;
    report.faults.push_back(served.error().text());
  }
  report.rate(settings.expiry, now);
  report.warn_of_start();
  return report;
}

}  // namespace certpivot::command
