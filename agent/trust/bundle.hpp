#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "crypto/certificate.hpp"

/// ca.crt as it is published: the source's bundle as it is, and behind it the anchors that the
/// source has given up lately, each below a line that says until when it is kept. PEM readers skip
/// such lines (RFC 7468 section 2), and the publish directory needs no memory beside itself.
namespace certpivot::trust {

/// The part of a published bundle that is the source's.
[[nodiscard]] std::string_view own_part(std::string_view published);

/// SHA-256 of a source's bundle as it is published: with the end of its last line, which it may
/// lack in the source.
[[nodiscard]] std::string bundle_digest(std::string_view bundle);

/// The published bundle with each mark, but without its time: equal for two that hold and keep the
/// same anchors.
[[nodiscard]] std::string without_times(std::string_view published);

/// When the first of the anchors that are kept has its time over; nothing where none is kept.
[[nodiscard]] std::optional<WallTime> kept_until(std::string_view published);

/// An anchor that is kept.
struct KeptSubject {
  std::string subject = {};
  WallTime until = {};
  bool operator==(KeptSubject const&) const = default;
};
/// All of them, in their order in the bundle. A time that cannot be read is over.
[[nodiscard]] std::vector<KeptSubject> kept_subjects(std::string_view published);

/// The same root again, renewed or cross-signed: subject and public key are equal.
[[nodiscard]] bool is_same_anchor(crypto::Certificate const& left,
                                  crypto::Certificate const& right);

/// What becomes of a published bundle.
struct BundleChange {
  std::string text = {};  ///< to be published
  // Subjects.
  std::vector<std::string> added = {};
  std::vector<std::string> kept = {};  ///< until `until`: the source has just given them up
  WallTime until = {};                 ///< in whole seconds, as it is written
  std::vector<std::string> dropped = {};
};

/// From `published` to the source's `next`: each anchor that `next` lacks is kept for `grace` from
/// now on, or as long as it was to be kept already, whichever ends first: a grace that was made
/// shorter, or a clock that was wrong, must not keep one for longer. One that `next` has renewed is
/// neither kept nor missed. Both may be empty.
[[nodiscard]] BundleChange change_bundle(std::string_view published, std::string_view next,
                                         Duration grace, WallTime now);

/// Whether the chain (PEM, leaf first) ends in one of the anchors of this bundle. The leaf's own
/// validity period is left out.
[[nodiscard]] bool verifies_under(std::string_view chain, std::string_view bundle, WallTime now);

}  // namespace certpivot::trust
