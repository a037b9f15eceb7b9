#pragma once

#include <set>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "event/event.hpp"

namespace certpivot::plugins {

/// The names of all files that a haproxy has loaded.
struct Inventory {
  std::vector<std::string> certificates = {};
  std::vector<std::string> ca_files = {};
  std::vector<std::string> crl_files = {};
};

/// What the runtime API would have to do for one generation, so that haproxy's memory holds what
/// its next reload reads from the disk.
struct Plan {
  struct Replacement {
    std::string name = {};  ///< in haproxy
    Secret commands = {};
  };
  /// Of a CA file, which the API must not change: what has to be loaded already.
  struct Bundle {
    std::string name = {};
    std::set<std::string> fingerprints = {};  ///< SHA-1
  };
  std::vector<Replacement> replacements = {};
  std::vector<Bundle> bundles = {};
  std::string leaf = {};  ///< its SHA-1 fingerprint
};

/// `wanted` is the name that the settings give, empty for all names that lead into the generation.
/// Errors, each a reason to reload instead: none leads there, so that the next reload would read
/// something else; a name that is no single word; more than fits into haproxy's buffer; a CRL of
/// the generation is in use, which nothing can compare. Blocks: for a worker.
[[nodiscard]] Result<Plan> make_plan(event::Paths const& paths, std::string const& wanted,
                                     Inventory const& inventory);

/// The names among `certificates` that make_plan() would replace. Errors: there is none.
[[nodiscard]] Result<std::vector<std::string>> names_to_replace(
    event::Paths const& paths, std::string const& wanted,
    std::vector<std::string> const& certificates);

}  // namespace certpivot::plugins
