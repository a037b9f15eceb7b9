#include "trust/reason.hpp"

#include <array>
#include <cstddef>

namespace certpivot::trust {
namespace {

// In the order of the enumeration.
constexpr std::array all_codes = {
    std::string_view("unreadable"),
    std::string_view("not_regular"),
    std::string_view("too_large"),
    std::string_view("malformed_certificate"),
    std::string_view("malformed_key"),
    std::string_view("wrong_passphrase"),
    std::string_view("key_mismatch"),
    std::string_view("untrusted"),
    std::string_view("incomplete_chain"),
    std::string_view("expired"),
    std::string_view("not_yet_valid"),
    std::string_view("min_remaining"),
    std::string_view("wrong_purpose"),
    std::string_view("name_missing"),
    std::string_view("weak_key"),
    std::string_view("weak_signature"),
    std::string_view("revoked"),
    std::string_view("crl_unavailable"),
    std::string_view("crl_expired"),
    std::string_view("ocsp_failed"),
    std::string_view("older_than_current"),
    std::string_view("ca_without_overlap"),
    std::string_view("ca_orphans_leaf"),
    std::string_view("key_access"),
    std::string_view("max_lifetime"),
    std::string_view("crl_not_yet_valid"),
};
static_assert(all_codes.size() == static_cast<std::size_t>(last_reason) + 1);

}  // namespace

std::string_view code(Reason reason) { return all_codes[static_cast<std::size_t>(reason)]; }

bool comes_with_time(Reason reason) {
  switch (reason) {
    case Reason::expired:
    case Reason::not_yet_valid:
    case Reason::min_remaining:
    case Reason::revoked:
    case Reason::crl_unavailable:
    case Reason::crl_expired:
    case Reason::crl_not_yet_valid:
    case Reason::ocsp_failed:
    case Reason::older_than_current:
    case Reason::ca_without_overlap:
    case Reason::ca_orphans_leaf:
      return true;
    default:
      return false;
  }
}

std::span<std::string_view const> codes() { return all_codes; }

}  // namespace certpivot::trust
