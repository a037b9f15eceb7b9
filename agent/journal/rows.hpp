#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/certificate_facts.hpp"
#include "journal/journal.hpp"
#include "journal/sqlite.hpp"

/// Values to columns and back. Private to journal/.
namespace certpivot::journal {

/// The columns of a leaf in their order, for statements.
inline constexpr char const* leaf_columns =
    "subject, issuer, serial, fingerprint, names, key, security_bits, not_before, not_after";
inline constexpr char const* rollout_columns =
    "id, certificate, generation, previous, digest, step, outcome, reason, started, ended, ";

void put_leaf(Query& query, std::optional<CertificateFacts> const& leaf);
[[nodiscard]] std::optional<CertificateFacts> take_leaf(Query& query);
[[nodiscard]] Rollout take_rollout(Query& query);

/// One name a line. A subjectAltName may hold a line break, which is escaped like the backslash.
[[nodiscard]] std::string join_names(std::vector<std::string> const& names);
[[nodiscard]] std::vector<std::string> split_names(std::string const& joined);

[[nodiscard]] std::int64_t to_integer(WallTime time);

}  // namespace certpivot::journal
