#include "base/units.hpp"
#include "base/words.hpp"
#include "command/check_report.hpp"

namespace certpivot::command {

namespace {

std::string what_stays(CheckReport const& report) {
  if (report.generation == 0) return "nothing is in force";
  return "generation " + std::to_string(report.generation) + " stays in force";
}

// One rollout, from its generation to its proof.
std::string rollout_in_words(std::string text, CheckReport const& report) {
  if (report.publishes) text = "publish " + text + " as the next generation";
  if (!report.hooks.empty()) text += ", run " + joined(report.hooks);
  if (!report.probes.empty()) text += ", prove it at " + joined(report.probes);
  return text;
}

std::string trust_in_words(CheckReport const& report) {
  return "its " + report.trust_alone + " with the pair in force";
}

// All that would be rolled out now, and later.
std::string rollouts_in_words(CheckReport const& report) {
  std::string text;
  if (report.trust_first)
    text = rollout_in_words("the pair in force under the anchors of both CA bundles", report) +
           "; then ";
  if (!report.trust_alone.empty()) text = rollout_in_words(trust_in_words(report), report);
  if (!report.refusals.empty()) return text;
  if (report.due)
    text +=
        (text.empty() ? "" : "; ") + ("wait until " + to_rfc3339_seconds(*report.due)) + ", then ";
  return text + rollout_in_words(report.publishes ? "it" : "leave it where it is", report);
}

}  // namespace

std::string CheckReport::plan() const {
  if (absent) return "wait for the source";
  if (in_force && !owed.empty())
    return "run the hooks of generation " + std::to_string(generation) + " until they have run";
  if (in_force) return "nothing, generation " + std::to_string(generation) + " holds it already";
  bool const refused = !refusals.empty();
  if (refused && trust_alone.empty()) return "refuse it; " + what_stays(*this);
  std::string const first = refused ? "refuse it, but " : "";
  std::string const attempt =
      first + (refused ? "try to publish " + trust_in_words(*this) : "try it");
  if (!faults.empty() && !owes_hooks) return attempt + ", and fail; " + what_stays(*this);
  if (!rolled_back.empty())
    return attempt + " again in a while, since its last rollout did not end well; " +
           what_stays(*this) + " until one does";
  return first + rollouts_in_words(*this) +
         (owes_hooks ? "; a hook fails, and is tried again until it has run" : "");
}

}  // namespace certpivot::command
