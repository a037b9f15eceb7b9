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
  return joined(all);
}

}  // namespace

Findings bundle(Candidate const& candidate, std::string_view next, Current const& current,
                settings::Trust const& rules, WallTime now) {
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
  bool const matters = !candidate.certificate_pem.empty() &&
                       verifies_under(current.certificate_pem, current.ca_pem, now);
  if (!matters || verifies_under(candidate.certificate_pem, next, now)) return findings;
  findings.refuse(
      Reason::ca_orphans_leaf,
      candidate.certificate_path + " would not verify under the new CA bundle (" +
          (after.empty() ? "empty" : subjects(after)) +
          "), as the pair in force does under its own: leave its anchor in the bundle until it has "
          "been replaced by a pair of the new CA");
  return findings;
}

}  // namespace certpivot::trust::rule
