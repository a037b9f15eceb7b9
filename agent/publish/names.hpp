#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "publish/generation.hpp"

/// The names below a publish directory: contract.md, "Files on disk". Private to publish/.
namespace certpivot::publish {

inline constexpr char const* current_name = "current";
/// There while hooks are owed that no journal remembers; a link to what is current, so that it is
/// told from a foreign file.
inline constexpr char const* owed_name = ".owed";
inline constexpr char const* generations_name = "generations";
inline constexpr char const* certificate_name = "tls.crt";
inline constexpr char const* key_name = "tls.key";
inline constexpr char const* ca_name = "ca.crt";
inline constexpr char const* crl_name = "ca.crl";
/// The files whose names no setting changes.
inline constexpr std::array<char const*, 4> file_names{certificate_name, key_name, ca_name,
                                                       crl_name};

/// Names that only exist while a call runs; what a crash left of them is removed by prepare().
inline constexpr std::string_view staging_prefix = ".staging-";      ///< in generations/
inline constexpr std::string_view discarded_prefix = ".discarded-";  ///< in generations/
inline constexpr std::string_view new_link_prefix = ".current-";

[[nodiscard]] bool is_file_name(std::string_view name);
/// tls.crt or tls.key: first of all files to be made and last to be removed, so that whatever has
/// further files of ours has these two.
[[nodiscard]] bool is_of_pair(std::string_view name);
[[nodiscard]] bool is_temporary_generation(std::string_view name);

/// "7" is 7; nothing for 0, leading zeros and whatever else is no number of a generation.
[[nodiscard]] std::optional<Number> parse_number(std::string_view name);

/// "generations/7" and back: where `current` points.
[[nodiscard]] std::string link_target(Number number);
[[nodiscard]] std::optional<Number> parse_link_target(std::string_view target);

/// "current/tls.crt": where the link with the fixed name `name` points.
[[nodiscard]] std::string fixed_link_target(std::string_view name);

/// `prefix` and the number.
[[nodiscard]] std::string temporary_name(std::string_view prefix, Number number);

}  // namespace certpivot::publish
