#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/secret.hpp"

namespace certpivot::publish {

using Number = std::uint64_t;  ///< of a generation; from 1, 0 means none

/// What goes into generations/<n>/: tls.crt, tls.key, and ca.crt and ca.crl where there are. The
/// further files that the settings ask for are made of these.
struct Content {
  std::string_view certificate = {};
  std::string_view key = {};
  std::optional<std::string_view> ca = {};
  std::optional<std::string_view> crl = {};
};

/// The same read back from a generation, owned.
struct StoredContent {
  std::string certificate = {};
  Secret key = {};
  std::optional<std::string> ca = {};
  std::optional<std::string> crl = {};
  [[nodiscard]] Content view() const;
};

/// Where a generation's files are, as servers and hooks are told: absolute paths through `current`.
struct Paths {
  std::string certificate = {};
  std::string key = {};
  std::string ca = {};  ///< empty for none
};

}  // namespace certpivot::publish
