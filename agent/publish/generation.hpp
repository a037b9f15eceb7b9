#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.hpp"

namespace certpivot::publish {

using Number = std::uint64_t;  ///< of a generation; from 1, 0 means none

/// What goes into generations/<n>/: tls.crt, tls.key, and ca.crt and ca.crl where there are.
struct Content {
  std::string_view certificate = {};
  std::string_view key = {};
  std::optional<std::string_view> ca = {};
  std::optional<std::string_view> crl = {};
  /// Names of the further files beside these, ascending: which a generation has is part of what it
  /// is, while their bytes are made of the four. See formats.hpp.
  std::vector<std::string> extras = {};
};

/// The same read back from a generation, owned.
struct StoredContent {
  std::string certificate = {};
  Secret key = {};
  std::optional<std::string> ca = {};
  std::optional<std::string> crl = {};
  std::vector<std::string> extras = {};
  [[nodiscard]] Content view() const;
};

/// Where a generation's files are, as servers and hooks are told: absolute paths through `current`.
struct Paths {
  std::string certificate = {};
  std::string key = {};
  std::string ca = {};  ///< empty for none
};

}  // namespace certpivot::publish
