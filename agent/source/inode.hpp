#pragma once

#include <compare>
#include <cstdint>

namespace certpivot::source {

/// What tells one file or directory of this machine from all others while it exists.
struct Inode {
  std::uint64_t device = 0;  ///< as makedev(3) has it
  std::uint64_t number = 0;  ///< 0: not known
  [[nodiscard]] bool known() const { return number != 0; }
  // NOLINTNEXTLINE(modernize-use-nullptr): clang-tidy 14 takes the comparison with 0 for a pointer
  auto operator<=>(Inode const&) const = default;
};

}  // namespace certpivot::source
