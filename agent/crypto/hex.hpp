#pragma once

#include <span>
#include <string>

namespace certpivot::crypto {

[[nodiscard]] std::string lower_hex(std::span<unsigned char const> bytes);

}  // namespace certpivot::crypto
