#pragma once

#include <string_view>

#include "settings/settings.hpp"
#include "trust/candidate.hpp"
#include "trust/current.hpp"

namespace certpivot::trust::rule {

/// The CA bundle, where it is another one than the one in force, leaves nobody behind:
/// ca_without_overlap, where it shares no anchor with the one in force (trust.ca_rotation), so that
/// peers of before and after would not accept each other; ca_orphans_leaf, where the pair that is
/// to be in force does not verify under it, although the pair in force does under the one in force.
/// That is the candidate, or where that is refused for something else (`pair_refused`) the pair
/// that is in force. `next` is the bundle, a usable one; empty for none.
[[nodiscard]] Findings bundle(Candidate const& candidate, bool pair_refused, std::string_view next,
                              Current const& current, settings::Trust const& rules, WallTime now);

}  // namespace certpivot::trust::rule
