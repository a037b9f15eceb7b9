#include <algorithm>

#include "base/units.hpp"
#include "base/words.hpp"
#include "command/check_report.hpp"

namespace certpivot::command {

namespace {

std::string line(std::string_view label, std::string_view text) {
  std::string padded(label);
  padded.resize(std::max<std::size_t>(padded.size(), 11), ' ');
  return "  " + padded + " " + std::string(text) + "\n";
}

std::string lines(std::string_view label, std::vector<std::string> const& texts) {
  std::string all;
  for (std::string const& text : texts) all += line(label, text);
  return all;
}

std::string codes_of(std::vector<trust::Refusal> const& refusals) {
  std::vector<std::string> codes;
  for (trust::Refusal const& refusal : refusals) {
    std::string const word(code(refusal.reason));
    if (std::find(codes.begin(), codes.end(), word) == codes.end()) codes.push_back(word);
  }
  return joined(codes);
}

// The moment itself, and what followed within its second, is no number of milliseconds.
bool is_just_over(Duration left) {
  return left <= Duration::zero() && left > -std::chrono::seconds(1);
}

std::string left_in_words(CertificateFacts const& leaf, WallTime now) {
  Duration const left = leaf.not_after - now;
  if (left > Duration::zero()) return certpivot::to_text(left) + " left";
  return is_just_over(left) ? "expired just now" : "expired " + certpivot::to_text(-left) + " ago";
}

std::string end_in_words(CertificateFacts const& leaf, WallTime now) {
  Duration const left = leaf.not_after - now;
  std::string const when = left > Duration::zero() ? "in " + certpivot::to_text(left)
                           : is_just_over(left)    ? "just now"
                                                   : certpivot::to_text(-left) + " ago";
  return to_rfc3339_seconds(leaf.not_after) + ", " + when;
}

// Why the daemon would not bring into force what every rule accepts.
std::string hindrance(CheckReport const& report) {
  if (!report.owed.empty()) return ", its hooks are owed";
  if (report.absent || report.in_force) return {};
  if (!report.faults.empty()) return report.owes_hooks ? ", a hook fails" : ", its rollout fails";
  return report.rolled_back.empty() ? "" : ", its last rollout did not end well";
}

// "web: critical, refused (expired, name_missing), expired 2d ago": all that a pager shows.
std::string headline(CheckReport const& report, WallTime now) {
  std::string text =
      report.name + ": " + std::string(word(report.state)) + ", " + std::string(report.verdict());
  if (!report.absent && !report.refusals.empty()) text += " (" + codes_of(report.refusals) + ")";
  if (!report.revoked.empty())
    text += ", generation " + std::to_string(report.generation) + " in force is revoked";
  if (report.stays)
    text += ", generation " + std::to_string(report.generation) +
            " in force: " + left_in_words(*report.stays, now);
  text += hindrance(report);
  if (report.leaf) text += ", " + left_in_words(*report.leaf, now);
  if (!report.below.empty()) text += ", " + report.below;
  return text + "\n";
}

std::string leaf_lines(CertificateFacts const& leaf, WallTime now) {
  return line("leaf", leaf.subject + ", serial " + leaf.serial + ", by " + leaf.issuer) +
         line("names", leaf.names.empty() ? "none" : joined(leaf.names)) +
         line("key",
              leaf.key + (leaf.security_bits == 0
                              ? std::string()
                              : ", " + std::to_string(leaf.security_bits) + " bits of security")) +
         line("expires", end_in_words(leaf, now)) + line("sha256", leaf.fingerprint);
}

// What is published, whatever the source holds.
std::string in_force_lines(CheckReport const& report, WallTime now) {
  std::string text;
  if (report.stays)
    text += line("in force", "generation " + std::to_string(report.generation) + ", " +
                                 report.stays->subject + ", expires " +
                                 end_in_words(*report.stays, now));
  if (!report.revoked.empty())
    text += line("in force", "generation " + std::to_string(report.generation) +
                                 " is revoked: " + report.revoked);
  for (trust::KeptSubject const& anchor : report.kept)
    text += line("kept", anchor.subject + ", in the published CA bundle " +
                             (anchor.until > now ? "until " + to_rfc3339_seconds(anchor.until)
                                                 : "though its time is over") +
                             ", by publish.ca_grace");
  return text;
}

std::string block(CheckReport const& report, CheckTime time) {
  std::string text = headline(report, time.now);
  if (time.chosen) text += line("judged for", to_rfc3339_seconds(time.now));
  if (report.found)
    text += line("found", report.found->writer + " names: " + joined(report.found->names));
  if (report.served)
    text +=
        line("served", "over " + report.served->protocol + ": " + joined(report.served->subjects));
  if (report.leaf) text += leaf_lines(*report.leaf, time.now);
  for (trust::Refusal const& refusal : report.refusals)
    text += line(code(refusal.reason), refusal.text);
  if (!report.rolled_back.empty()) text += line("last time", report.rolled_back);
  if (!report.owed.empty()) text += line("hooks owed", report.owed);
  text += in_force_lines(report, time.now);
  text += lines("fault", report.faults) + lines("warning", report.warnings) +
          lines("note", report.remarks);
  return report.configured ? text + line("plan", report.plan()) : text;
}

}  // namespace

std::string to_text(std::vector<CheckReport> reports, CheckTime time) {
  std::stable_sort(reports.begin(), reports.end(), [](auto const& left, auto const& right) {
    return left.state != right.state && worse(left.state, right.state) == left.state;
  });
  std::string text;
  for (CheckReport const& report : reports) text += block(report, time);
  bool const refused = std::any_of(reports.begin(), reports.end(), [](CheckReport const& report) {
    return !report.refusals.empty();
  });
  return refused ? text + "certpivot check --explain CODE tells more about a code\n" : text;
}

}  // namespace certpivot::command
