#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/certificate_facts.hpp"
#include "base/secret.hpp"
#include "trust/reason.hpp"

namespace certpivot::trust {

/// One broken rule: the code for programs, the sentence for people. The sentence names the file,
/// what is wrong and what to do.
struct Refusal {
  Reason reason = Reason::unreadable;
  std::string text = {};
  bool operator==(Refusal const&) const = default;
};

/// The answer to a snapshot: accepted where `refusals` is empty, otherwise every rule that it
/// broke.
struct Verdict {
  std::vector<Refusal> refusals = {};
  std::vector<std::string> warnings = {};     ///< worth a word, no obstacle
  std::optional<CertificateFacts> leaf = {};  ///< where a leaf could be told
  /// Accepted, but not valid before this moment, which lies within trust.skew: to be waited for.
  std::optional<WallTime> due = {};
  /// The certificate file to publish. The source's bytes as they were read, unless the chain had to
  /// be put in order, freed of duplicates or taken out of a bundle, or the source is DER: then its
  /// PEM blocks, leaf first. Empty where the certificate file could not be used, or holds a private
  /// key.
  std::string certificate_pem = {};
  /// The key file to publish: this range of snapshot.key.bytes. The whole, unless the source is a
  /// bundle: then the key's PEM block. A range, because key bytes are not copied around.
  std::size_t key_begin = 0;
  std::size_t key_size = 0;
  /// The key file to publish instead, where the source's is DER, encrypted or a PKCS#12: the same
  /// key as unencrypted PKCS#8 in PEM.
  Secret key_pem = {};
  /// There is a CA bundle, and nothing is amiss with the file itself: it may be published without
  /// the pair. What changes by it is the matter of rule::bundle.
  bool bundle_usable = false;
  /// There is a CRL of the source, and nothing is amiss with it: it may be published without the
  /// pair.
  bool crl_usable = false;
  /// The CA bundle to publish instead of the snapshot's, where that is DER or does not end its last
  /// line: anchors that are kept may come to stand behind it.
  std::string ca_pem = {};
  /// The CRL to publish, where it is not the source's bytes as they were read: in PEM, where they
  /// are DER.
  std::string crl_pem = {};

  [[nodiscard]] bool accepted() const { return refusals.empty(); }
  /// True where a later write may still complete the snapshot (half written, key and certificate
  /// from two moments, a file missing): worth waiting for, up to the grace.
  [[nodiscard]] bool incomplete() const;
};

}  // namespace certpivot::trust
