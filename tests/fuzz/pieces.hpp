#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include "crypto/pem.hpp"
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
};

/// A promise that was not kept.
inline void demand(bool kept) {
  if (!kept) std::abort();
}

inline source::FileBytes file(std::string const& path, std::string_view bytes) {
  return {{.path = path, .mode = {0600}}, Secret::copy_of(bytes)};
}

/// Judges, and holds the verdict to what is promised of every verdict.
inline void judge_pieces(Files const& files, settings::Trust const& rules = {}) {
  std::string const certificate = files.bundle ? "/src/both" : "/src/tls.crt";
  std::string const key = files.bundle ? "/src/both" : "/src/tls.key";
  source::Snapshot snapshot{.certificate = file(certificate, files.certificate),
                            .key = file(key, files.bundle ? files.certificate : files.key)};
  if (files.ca) snapshot.ca = file("/src/ca.crt", *files.ca);
  if (files.crl) snapshot.crl = file("/src/ca.crl", *files.crl);
  if (files.passphrase) snapshot.passphrase = file("/src/pass", *files.passphrase);
  trust::Question question{.snapshot = snapshot,
                           .rules = rules,
                           .anchors_failure = "cannot read /src/anchors",
                           .now = judged_at};
  if (auto const anchors = crypto::Anchors::from_bundle(files.anchors)) question.anchors = *anchors;
  auto const verdict = trust::judge(question);
  for (auto const& refusal : verdict.refusals) {
    bool const names_a_file = refusal.text.find("/src/") != std::string::npos;
    demand(names_a_file);
  }
  if (!verdict.accepted()) return;
  demand(verdict.leaf.has_value());
  auto const blocks = crypto::certificate_blocks(verdict.certificate_pem);
  demand(blocks && !blocks->empty());
  auto const leaf = crypto::read_certificate(blocks->front());
  demand(leaf && leaf->fingerprint() == verdict.leaf->fingerprint);
}

}  // namespace certpivot::testing
