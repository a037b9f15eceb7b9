#pragma once

#include <string>
#include <utility>

#include <tl/expected.hpp>

namespace certpivot::crypto {

/// Why a private key, or a file that may hold one, could not be decoded.
enum class DecodeFault {
  malformed,
  encrypted,         ///< and no passphrase is given
  wrong_passphrase,  ///< or damaged, which cannot be told from it
  too_large,         ///< or asks for more work than anything honest
};
struct DecodeFailure {
  DecodeFault fault = DecodeFault::malformed;
  std::string why = {};     ///< follows "cannot be decoded: "; never quotes the bytes
  std::string remedy = {};  ///< may be empty, where it is the usual one
};

template <class T>
using Decoded = tl::expected<T, DecodeFailure>;

[[nodiscard]] inline tl::unexpected<DecodeFailure> fail_to_decode(DecodeFault fault,
                                                                  std::string why,
                                                                  std::string remedy = {}) {
  return tl::unexpected<DecodeFailure>(DecodeFailure{fault, std::move(why), std::move(remedy)});
}

}  // namespace certpivot::crypto
