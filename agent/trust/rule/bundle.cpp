#include "trust/rule/bundle.hpp"

#include <algorithm>

#include "base/words.hpp"
#include "trust/bundle.hpp"

namespace certpivot::trust::rule {
namespace {

bool overlap(std::vector<crypto::Certificate> const& before,
             std::vector<crypto::Certificate> const& after) {
  return std::any_of(before.begin(), before.end(), [&](crypto::Certificate const& one) {
    return std::any_of(after.begin(), after.end(), [&](crypto::Certificate const& other) {
      return is_same_anchor(one, other);
    });
  });
}

std::string subjects(std::vector<crypto::Certificate> const& anchors) {
  std::vector<std::string> all;
  all.reserve(anchors.size());
  for (crypto::Certificate const& anchor : anchors) all.push_back(anchor.subject());
  return joined(all, most_named);
}

// The pair that would be in force beside the bundle: where the candidate is refused, the one that
// is.
std::string orphan(Candidate const& candidate, bool pair_refused, std::string_view next,
                   Current const& current, WallTime now) {
  if (candidate.certificate_pem.empty() || verifies_under(candidate.certificate_pem, next, now))
    return {};
  if (!pair_refused) return candidate.certificate_path;
  return verifies_under(current.certificate_pem, next, now) ? "" : "the pair in force";
}

}  // namespace

Findings bundle(Candidate const& candidate, bool pair_refused, std::string_view next,
                Current const& current, settings::Trust const& rules, WallTime now) {
  Findings findings;
  if (current.ca_pem.empty()) return findings;
  auto const before = crypto::readable_certificates(current.ca_pem);
  auto const after = crypto::readable_certificates(next);
  if (rules.ca_rotation == settings::CaRotation::overlap && !overlap(before, after)) {
    std::string const what =
        after.empty()
            ? "the CA bundle is gone, and with it all that is in force, " + subjects(before)
            : "the CA bundle (" + subjects(after) + ") shares no anchor with the one in force (" +
                  subjects(before) + ")";
    findings.refuse(Reason::ca_without_overlap,
                    candidate.ca_path + ": " + what +
                        ": bring a bundle with old and new anchors first, or set "
                        "trust.ca_rotation = \"any\"");
  }
  if (!verifies_under(current.certificate_pem, current.ca_pem, now)) return findings;
  std::string const left_behind = orphan(candidate, pair_refused, next, current, now);
  if (left_behind.empty()) return findings;
  findings.refuse(Reason::ca_orphans_leaf, candidate.ca_path + ": " + left_behind +
                                               " would not verify under the new CA bundle (" +
                                               (after.empty() ? "empty" : subjects(after)) +
                                               "), as the pair in force does under the present "
                                               "one: leave its anchor in the bundle until it "
                                               "has been replaced by a pair of the new CA");
  return findings;
}

}  // namespace certpivot::trust::rule
