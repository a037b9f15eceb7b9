#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "base/secret.hpp"

namespace certpivot::process {

/// What a program prints, as it comes: the first 64 KiB are kept, the rest is dropped. A program
/// may print a private key, so the raw bytes live in wiped memory only, and leave it without one.
class Capture {
 public:
  /// Where the next bytes are read into: never empty, and gone after took().
  [[nodiscard]] std::span<std::byte> room();
  /// The first `size` bytes of room() were filled.
  void took(std::size_t size);

  /// What was kept, as without_private_keys() has it.
  [[nodiscard]] std::string text() const;
  /// Whether there was more.
  [[nodiscard]] bool truncated() const { return truncated_; }

 private:
  static constexpr auto piece = std::size_t{16} * 1024;

  Secret raw_;  ///< made at the first room(): what is kept, and a piece for what is not
  std::size_t size_ = 0;
  bool truncated_ = false;
};

}  // namespace certpivot::process
