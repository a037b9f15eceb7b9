#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "crypto/anchors.hpp"
#include "support/pki.hpp"
#include "trust/judge.hpp"

/// A snapshot put together from texts, and the question about it, for the tests of this folder.
namespace certpivot::trust {

inline constexpr auto hour = std::chrono::hours(1);
inline constexpr auto second = std::chrono::seconds(1);

struct Sample {
  std::string certificate = {};
  std::string key = {};
  std::optional<std::string> ca = {};
  std::string anchors = {};                    ///< PEM; empty for none
  bool bundle = false;                         ///< `certificate` holds the key, too
  std::optional<std::string> passphrase = {};  ///< the passphrase file
  unsigned key_mode = 0600;
  settings::Trust rules = {};
  std::optional<CertificateFacts> current = {};
  bool current_revoked = false;
  std::string certificate_in_force = {};  ///< PEM, where the CA bundle changes
  std::string bundle_in_force = {};
  std::optional<std::string> crl = {};  ///< the source's, PEM or DER
  std::string crl_in_force = {};
  Revocation revocation = {};
  WallTime now = testing::from_now({});
};

inline source::FileBytes file(std::string const& path, std::string const& text, unsigned mode) {
  return {{.path = path, .mode = {static_cast<::mode_t>(mode)}}, Secret::copy_of(text)};
}

inline source::Snapshot snapshot_of(Sample const& sample) {
  source::Snapshot snapshot{
      .certificate =
          file(sample.bundle ? "/src/both.pem" : "/src/tls.crt", sample.certificate, 0644),
      .key = file(sample.bundle ? "/src/both.pem" : "/src/tls.key",
                  sample.bundle ? sample.certificate : sample.key, sample.key_mode)};
  snapshot.ca_path = "/src/ca.crt";
  if (sample.ca) snapshot.ca = file("/src/ca.crt", *sample.ca, 0644);
  if (sample.crl) snapshot.crl = file("/src/ca.crl", *sample.crl, 0644);
  if (sample.passphrase) snapshot.passphrase = file("/src/pass", *sample.passphrase, 0600);
  return snapshot;
}

inline crypto::CrlFile crl_of_source(std::string const& bytes) {
  auto const list =
      std::make_shared<std::vector<crypto::Crl> const>(crypto::read_crls(bytes).value());
  return {.path = "/src/ca.crl", .crls = list, .of_source = true};
}

inline Verdict judged(Sample const& sample) {
  source::Snapshot const snapshot = snapshot_of(sample);
  Question question{.snapshot = snapshot,
                    .rules = sample.rules,
                    .anchors_failure = "cannot read /etc/anchors.pem",
                    .current = {.leaf = sample.current,
                                .revoked = sample.current_revoked,
                                .certificate_pem = sample.certificate_in_force,
                                .ca_pem = sample.bundle_in_force,
                                .crl_pem = sample.crl_in_force},
                    .now = sample.now,
                    .revocation = sample.revocation};
  if (sample.crl) question.revocation.crl_files.push_back(crl_of_source(*sample.crl));
  if (!sample.anchors.empty())
    question.anchors = crypto::Anchors::from_bundle(sample.anchors).value();
  return judge(question);
}

inline std::vector<Reason> reasons(Verdict const& verdict) {
  std::vector<Reason> all;
  for (Refusal const& refusal : verdict.refusals) all.push_back(refusal.reason);
  std::sort(all.begin(), all.end());
  return all;
}
inline std::vector<Reason> reasons(Sample const& sample) { return reasons(judged(sample)); }

/// Everything that a verdict says, in one text.
inline std::string said(Verdict const& verdict) {
  std::string text;
  for (Refusal const& refusal : verdict.refusals) text += refusal.text + "\n";
  for (std::string const& warning : verdict.warnings) text += warning + "\n";
  return text;
}
inline bool says(Verdict const& verdict, std::string const& words) {
  return said(verdict).find(words) != std::string::npos;
}

/// A pair below an intermediate, which every rule accepts.
struct Good {
  testing::Authority root = testing::Authority({.common_name = "Root"});
  testing::Authority intermediate = root.intermediate({.common_name = "Intermediate"});

  [[nodiscard]] testing::Pair issue(testing::LeafOptions const& options = {}) const {
    return intermediate.issue(options);
  }
  [[nodiscard]] Sample sample(testing::Pair const& pair) const {
    return {.certificate = pair.certificate_pem, .key = pair.key_pem, .anchors = root.pem()};
  }
  [[nodiscard]] Sample sample(testing::LeafOptions const& options = {}) const {
    return sample(issue(options));
  }
};

inline std::string with_carriage_returns(std::string const& text) {
  std::string out;
  for (char const character : text) out += character == '\n' ? "\r\n" : std::string(1, character);
  return out;
}

}  // namespace certpivot::trust
