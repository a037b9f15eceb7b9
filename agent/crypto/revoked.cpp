#include "crypto/revoked.hpp"

#include <array>
#include <cstddef>
#include <string_view>

#include "base/units.hpp"

namespace certpivot::crypto {
namespace {

// By their numbers; 7 is not used.
constexpr std::array<std::string_view, 11> reasons{
    "unspecified",     "key compromise",         "CA compromise",    "affiliation changed",
    "superseded",      "cessation of operation", "certificate hold", "",
    "remove from CRL", "privilege withdrawn",    "AA compromise"};

}  // namespace

std::string Revoked::text() const {
  std::string text = "revoked";
  if (at) text += " at " + to_rfc3339_seconds(*at);
  if (!reason.empty()) text += ", " + reason;
  return text;
}

std::string reason_in_words(long reason) {
  auto const at = static_cast<std::size_t>(reason);
  if (reason < 0 || at >= reasons.size() || reasons[at].empty()) {
    return "reason " + std::to_string(reason);
  }
  return std::string(reasons[at]);
}

}  // namespace certpivot::crypto
