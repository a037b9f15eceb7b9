#pragma once

#include <vector>

#include "trust/material.hpp"

namespace certpivot::trust {

/// The certificates of a file as they should stand (RFC 8446 section 4.4.2: the leaf, and each one
/// certifies the one before it), and what had to be done for that.
struct OrderedChain {
  std::vector<PlacedCertificate> certificates = {};  ///< leaf, its path upward, then the strangers
  std::size_t strangers = 0;  ///< how many at the end are on no path of the leaf
  bool moved = false;         ///< some stood elsewhere
  std::size_t dropped = 0;    ///< exact duplicates
};

/// `leaf` is an index into `certificates`. Names and key identifiers decide, no signature is
/// checked.
[[nodiscard]] OrderedChain put_in_order(std::vector<PlacedCertificate> certificates,
                                        std::size_t leaf);

}  // namespace certpivot::trust
