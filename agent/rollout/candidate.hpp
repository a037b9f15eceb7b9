#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "publish/generation.hpp"
#include "source/snapshot.hpp"
#include "trust/verdict.hpp"

namespace certpivot::rollout {

/// What is to come into force, bytes and all, kept until the rollout ends.
class Payload {
 public:
  virtual ~Payload() = default;
  [[nodiscard]] virtual publish::Content content() const = 0;
};

/// A snapshot with its verdict.
struct Candidate final : Payload {
  source::Snapshot snapshot = {};
  trust::Verdict verdict = {};
  /// The CA bundle with the anchors that are kept from the one in force; empty where there are none
  /// to keep.
  std::string ca_pem = {};
  std::vector<std::string> extras = {};  ///< as publish::Content has them

  /// What is published of it: the very bytes that were judged, or the same in PEM.
  [[nodiscard]] publish::Content content() const override;
};

/// The pair in force under another CA bundle: trust that goes ahead of a new pair, or anchors whose
/// time is over.
struct BundleAlone final : Payload {
  publish::StoredContent in_force = {};
  std::string ca_pem = {};  ///< empty for none

  [[nodiscard]] publish::Content content() const override;
};

/// SHA-256 over what is published, and over which further files there are: tells whether it is in
/// force already, whoever published it. Until when an anchor is kept is left out: it depends on the
/// second in which the bundle was made.
[[nodiscard]] std::string digest_of(publish::Content const& content);

/// When a CRL in force expires.
struct CrlEnd {
  std::string issuer = {};
  WallTime at = {};
  friend bool operator==(CrlEnd const&, CrlEnd const&) = default;
};

/// What a look at the source must know of the CA bundle and the CRLs in force.
struct BundleInForce {
  std::string digest = {};  ///< of the source's part of it; empty for no bundle
  std::optional<WallTime> kept_until =
      {};                       ///< when the first anchor that is kept has its time over
  std::string crl_digest = {};  ///< empty for no CRL
  std::vector<CrlEnd> crl_ends = {};
};
[[nodiscard]] BundleInForce bundle_of(publish::Content const& content);

}  // namespace certpivot::rollout
