#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "crypto/decode_failure.hpp"

/// What DER takes once OpenSSL 3.0 has decoded it, told beforehand, within a tenth or so: a name of
/// two bytes has a hundred then.
namespace certpivot::crypto {

/// In bytes, of a CRL.
[[nodiscard]] std::size_t decoded_size_of_crl(std::string_view der);

/// What all that is decoded of one file may take: thirteen times its size, as a CRL does whose
/// entries have the shortest of serial numbers and a reason. Everything else of use takes less.
class DecodingRoom {
 public:
  explicit DecodingRoom(std::size_t file_size) : left_(base + per_byte * file_size) {}
  /// False where there is not as much left.
  [[nodiscard]] bool take(std::size_t size) {
    bool const enough = size <= left_;
    if (enough) left_ -= size;
    return enough;
  }

 private:
  static constexpr std::size_t base = std::size_t{2} * 1024 * 1024;
  static constexpr std::size_t per_byte = 13;
  std::size_t left_;
};

/// Why the certificates of a file of this size, as PEM blocks, are not to be decoded: more than
/// `most` of them, or so many small parts that they have no room. Nothing where they are.
[[nodiscard]] std::optional<DecodeFailure> too_much(std::size_t file_size,
                                                    std::vector<std::string_view> const& blocks,
                                                    std::size_t most);

}  // namespace certpivot::crypto
