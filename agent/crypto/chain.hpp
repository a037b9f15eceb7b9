#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "crypto/anchors.hpp"
#include "crypto/chain_fault.hpp"
#include "crypto/crl.hpp"

namespace certpivot::crypto {

/// What is wrong with a chain, and the certificate that it is about.
struct ChainProblem {
  ChainFault fault = ChainFault::other;
  int depth = 0;             ///< of the certificate at fault: 0 is the leaf, 1 its issuer …
  std::string subject = {};  ///< of the certificate at fault
  std::string issuer = {};   ///< of the same: with `incomplete`, whose certificate is missing
  std::string why = {};      ///< OpenSSL's words
  /// The word of settings::strict_checks, where the fault is `strict`.
  std::string strict = {};
  bool of_anchor = false;       ///< the certificate at fault is what the path ends in
  std::optional<Crl> crl = {};  ///< that the problem comes from
};

struct ChainAnswer {
  std::vector<ChainProblem> problems = {};  ///< all of them; empty: the chain holds
  std::vector<Certificate> path = {};  ///< leaf first, as far as it could be built, anchor included
  bool anchored = false;               ///< the path ends in an anchor

  /// The certificates of the path between leaf and anchor.
  [[nodiscard]] std::span<Certificate const> intermediates() const;
};

struct ChainQuestion {
  Certificate const& leaf;
  std::vector<Certificate> const& intermediates;
  Anchors const& anchors;
  WallTime now = {};
  /// Where given, every certificate below the one that the path ends in is checked against them
  /// (RFC 5280 section 6.3). Deltas, indirect CRLs and those for some reasons only are not for it.
  std::vector<Crl> const* crls = nullptr;
};

/// Verifies the leaf with the help of the intermediates at the time `now` (RFC 5280 section 6, by
/// X509_verify_cert(3) at security level 2 and with X509_V_FLAG_X509_STRICT), collecting every
/// problem rather than stopping at the first. Where several paths lead up, the one with the fewest
/// problems is the answer: see crypto/path_search.hpp. The leaf's own validity period is left out:
/// see trust/rule/lifetime.cpp.
[[nodiscard]] ChainAnswer verify_chain(ChainQuestion const& question);

}  // namespace certpivot::crypto
