#pragma once

#include <optional>
#include <string>

#include "crypto/decode_failure.hpp"
#include "trust/passphrase.hpp"
#include "trust/verdict.hpp"

namespace certpivot::trust {

/// The refusal of a file, or of the key in it, that could not be decoded. `malformed` is the reason
/// where the bytes themselves are at fault; `passphrase` is the one that was tried.
[[nodiscard]] Refusal refusal_of(crypto::DecodeFailure const& failure, std::string const& path,
                                 Reason malformed, std::optional<Passphrase> const& passphrase);

}  // namespace certpivot::trust
