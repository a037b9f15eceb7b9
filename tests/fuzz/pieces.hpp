#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "crypto/crl.hpp"
#include "crypto/pem.hpp"
#include "crypto/private_key.hpp"
#include "trust/judge.hpp"

namespace certpivot::testing {

/// When the seeds are valid; the clock has no say.
inline WallTime const judged_at = std::chrono::sys_days(std::chrono::year(2026) / 6 / 1);

/// Divides the files of one input; no file of ours holds it.
inline constexpr std::string_view divider = "\n=====\n";

inline std::array<std::string_view, 3> split(std::string_view input) {
  std::array<std::string_view, 3> pieces{};
  for (std::size_t at = 0; at < pieces.size(); ++at) {
    auto const end = at + 1 == pieces.size() ? std::string_view::npos : input.find(divider);
    pieces[at] = input.substr(0, end);
    input = end == std::string_view::npos ? "" : input.substr(end + divider.size());
  }
  return pieces;
}

struct Files {
  std::string_view certificate = {};
  std::string_view key = {};
  std::optional<std::string_view> ca = {};
  std::optional<std::string_view> crl = {};
  std::optional<std::string_view> passphrase = {};
  std::string_view anchors = {};
  bool bundle = false;  ///< `certificate` holds the key, too
  std::vector<crypto::OcspAnswer> answers = {};
  std::string_view ca_in_force = {};
};

/// A promise that was not kept.
inline void demand(bool kept) {
  if (!kept) std::abort();
}

/// Of this thread, so that it says the same on a busy machine.
inline std::chrono::nanoseconds cpu_time() {
  std::timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

/// Five times what is promised of a file of 1 MiB: the sanitizers take their share.
inline constexpr auto slowest_verdict = std::chrono::seconds(1);

inline source::FileBytes file(std::string const& path, std::string_view bytes) {
  return {{.path = path, .mode = {0600}}, Secret::copy_of(bytes)};
}

inline crypto::CrlFile crl_file(std::string const& path, std::string_view bytes) {
  auto crls = crypto::read_crls(bytes);
  if (!crls) return {path, {}, path + ": " + crls.error().text(), true};
  return {path, std::make_shared<std::vector<crypto::Crl> const>(*std::move(crls)), {}, true};
}

/// What would be published is the leaf that was judged, and its own key.
inline void demand_pair(trust::Verdict const& verdict, source::Snapshot const& snapshot) {
  demand(verdict.leaf.has_value());
  auto const blocks = crypto::pem_blocks(verdict.certificate_pem);
  demand(blocks && !blocks->empty());
  auto const leaf =
      crypto::read_certificate(std::string_view(verdict.certificate_pem)
                                   .substr(blocks->front().begin, blocks->front().size));
  demand(leaf && leaf->fingerprint() == verdict.leaf->fingerprint);
  std::string_view const key_file =
      verdict.key_pem.size() > 0
          ? verdict.key_pem.view()
          : snapshot.key.bytes.view().substr(verdict.key_begin, verdict.key_size);
  auto const key_blocks = crypto::pem_blocks(key_file);
  demand(key_blocks.has_value());
  auto const block = std::find_if(key_blocks->begin(), key_blocks->end(),
                                  [](auto const& one) { return one.is_private_key(); });
  demand(block != key_blocks->end());
  auto const key = crypto::read_private_key(key_file.substr(block->begin, block->size));
  demand(key && key->matches(*leaf));
}

/// Judges, and holds the verdict to what is promised of every verdict.
inline trust::Verdict judge_pieces(Files const& files, settings::Trust const& rules = {}) {
  std::string const certificate = files.bundle ? "/src/both" : "/src/tls.crt";
  std::string const key = files.bundle ? "/src/both" : "/src/tls.key";
  source::Snapshot snapshot{.certificate = file(certificate, files.certificate),
                            .key = file(key, files.bundle ? files.certificate : files.key),
                            .ca_path = "/src/ca.crt",
                            .crl_path = "/src/ca.crl"};
  if (files.ca) snapshot.ca = file("/src/ca.crt", *files.ca);
  if (files.crl) snapshot.crl = file("/src/ca.crl", *files.crl);
  if (files.passphrase) snapshot.passphrase = file("/src/pass", *files.passphrase);
  auto const begun = cpu_time();
  trust::Question question{.snapshot = snapshot,
                           .rules = rules,
                           .anchors_failure = "cannot read /src/anchors",
                           .current = {.certificate_pem = std::string(files.certificate),
                                       .ca_pem = std::string(files.ca_in_force)},
                           .now = judged_at,
                           .revocation = {.answers = files.answers}};
  if (auto const anchors = crypto::Anchors::from_bundle(files.anchors)) question.anchors = *anchors;
  if (files.crl) question.revocation.crl_files.push_back(crl_file("/src/ca.crl", *files.crl));
  auto verdict = trust::judge(question);
  demand(cpu_time() - begun < slowest_verdict);
  for (auto const& refusal : verdict.refusals) {
    bool const names_a_file = refusal.text.find("/src/") != std::string::npos;
    demand(names_a_file);
  }
  if (verdict.accepted()) demand_pair(verdict, snapshot);
  return verdict;
}

}  // namespace certpivot::testing
