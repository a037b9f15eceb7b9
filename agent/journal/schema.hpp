#pragma once

#include "base/result.hpp"
#include "journal/sqlite.hpp"

namespace certpivot::journal {

inline constexpr std::int64_t schema_version = 3;

/// Opens the database, makes its tables where it is new, and checks that it is sound and ours.
/// Errors: damaged (is_damage), made by a newer certpivot, of something else.
[[nodiscard]] Result<Database> open_with_schema(std::string const& path);

/// The version of the tables in it, 0 for none. Errors: a newer certpivot made them.
[[nodiscard]] Result<std::int64_t> schema_of(Database& database, std::string const& path);

}  // namespace certpivot::journal
