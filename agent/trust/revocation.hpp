#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "crypto/anchors.hpp"
#include "crypto/crl.hpp"
#include "crypto/ocsp.hpp"
#include "settings/settings.hpp"
#include "source/snapshot.hpp"

namespace certpivot::trust {

/// What is known about revocation at the moment: brought along, because trust/ touches neither file
/// nor network.
struct Revocation {
  /// The source's own CRL first, where one is configured; then trust.crl_files.
  std::vector<crypto::CrlFile> crl_files = {};
  /// With trust.revocation = "ocsp": of the leaf, and of what the path has besides.
  std::vector<crypto::OcspAnswer> answers = {};
};

/// The path of a certificate file from the leaf up to its anchor; empty where it does not lead to
/// one by good signatures: then whoever wrote the file could make the daemon ask any address. It
/// tells whom to ask a responder about: each one but the last, and the one behind it is its issuer.
[[nodiscard]] std::vector<crypto::Certificate> certification_path(source::Snapshot const& snapshot,
                                                                  crypto::Anchors const& anchors,
                                                                  WallTime now);

/// The same of a chain as it is published: PEM, leaf first.
[[nodiscard]] std::vector<crypto::Certificate> certification_path(std::string_view chain,
                                                                  crypto::Anchors const& anchors,
                                                                  WallTime now);

/// Whether a path of certification_path() has been revoked: the sentence that says which of its
/// certificates was, when, why and by whose word; nothing where none was, or trust.revocation is
/// off. Errors: it is not known. That a CRL has expired does not make it unknown that somebody is
/// in it: what is revoked stays revoked.
[[nodiscard]] Result<std::optional<std::string>> revocation_of(
    std::vector<crypto::Certificate> const& path, crypto::Anchors const& anchors,
    Revocation const& known, settings::Trust const& rules, WallTime now);

}  // namespace certpivot::trust
