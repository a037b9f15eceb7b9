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

/// `text` with a remark in the place of each PEM block (RFC 7468) whose label speaks of a private
/// key, from "-----BEGIN" to the dashes that close its END line, or to the end of `text` where
/// there is none. The lines may be parted by anything, such as "\n" in JSON. The end of a block
/// whose BEGIN is missing cannot be told from other text.
[[nodiscard]] std::string without_private_keys(std::string_view text);

}  // namespace certpivot::process
