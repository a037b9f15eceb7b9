#pragma once

#include <string>

#include "publish/generation.hpp"
#include "source/snapshot.hpp"
#include "trust/verdict.hpp"

namespace certpivot::rollout {

/// What is to come into force: a snapshot with its verdict, bytes and all, kept until the rollout
/// ends.
struct Candidate {
  source::Snapshot snapshot = {};
  trust::Verdict verdict = {};

  /// What is published of it: the very bytes that were judged.
  [[nodiscard]] publish::Content content() const;
};

/// SHA-256 over what is published: tells whether it is in force already, whoever published it.
[[nodiscard]] std::string digest_of(publish::Content const& content);

}  // namespace certpivot::rollout
