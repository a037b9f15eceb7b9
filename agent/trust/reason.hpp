#pragma once

#include <span>
#include <string_view>

namespace certpivot::trust {

/// The contract's codes of a refusal, in its order, and two more: max_lifetime and
/// crl_not_yet_valid.
enum class Reason {
  unreadable,
  not_regular,
  too_large,
  malformed_certificate,
  malformed_key,
  wrong_passphrase,
  key_mismatch,
  untrusted,
  incomplete_chain,
  expired,
  not_yet_valid,
  min_remaining,
  wrong_purpose,
  name_missing,
  weak_key,
  weak_signature,
  revoked,
  crl_unavailable,
  crl_expired,
  ocsp_failed,
  older_than_current,
  ca_without_overlap,
  ca_orphans_leaf,
  key_access,
  max_lifetime,
  crl_not_yet_valid,
};
inline constexpr Reason last_reason = Reason::crl_not_yet_valid;

/// "key_mismatch".
[[nodiscard]] std::string_view code(Reason reason);
/// Whether a pair that was good may come to it while nobody changes the pair, its file or the
/// rules.
[[nodiscard]] bool comes_with_time(Reason reason);
/// All codes, in the order of the enumeration.
[[nodiscard]] std::span<std::string_view const> codes();

}  // namespace certpivot::trust
