#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/certificate_facts.hpp"
#include "base/secret.hpp"
#include "crypto/certificate.hpp"
#include "crypto/chain.hpp"
#include "crypto/private_key.hpp"
#include "source/snapshot.hpp"
#include "trust/findings.hpp"

namespace certpivot::trust {

/// The certificate that would serve, in every form that a rule needs; decoded once.
struct Leaf {
  crypto::Certificate certificate;
  CertificateFacts facts = {};
};

/// A snapshot, parsed once for all rules. What could not be parsed is absent here, and told in
/// `findings`; a rule has nothing to say about what is absent.
struct Candidate {
  std::string certificate_path = {};
  std::string key_path = {};
  std::string ca_path = {};  ///< of the CA bundle, there or not; empty where none is configured
  std::optional<Leaf> leaf = {};
  /// The other certificates of the file, those of the leaf's path first and in its order.
  std::vector<crypto::Certificate> intermediates = {};
  /// False where a certificate of the file could not be decoded: then the chain cannot be judged.
  bool chain_known = true;
  std::string anchors_name = {};  ///< as in Question
  /// How the leaf leads to an anchor: what rule::follow_chain has found, empty before.
  crypto::ChainAnswer chain = {};
  std::optional<crypto::PrivateKey> key = {};
  /// As in Verdict.
  std::string certificate_pem = {};
  std::size_t key_begin = 0;
  std::size_t key_size = 0;
  Secret key_pem = {};
  bool bundle_usable = false;
  /// What the CA bundle holds.
  std::vector<crypto::Certificate> authorities = {};
  std::string ca_pem = {};
  Findings findings = {};
};

/// Reads certificate file, key file and CA bundle of a snapshot. The leaf is the certificate that
/// the key belongs to, else the first that is no authority, else the first. Where `anchors` were
/// read from this CA bundle, it is not decoded again.
[[nodiscard]] Candidate read_candidate(source::Snapshot const& snapshot,
                                       crypto::Anchors const* anchors = nullptr);

}  // namespace certpivot::trust
