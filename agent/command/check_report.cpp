#include "command/check_report.hpp"

#include <algorithm>
#include <string_view>

#include <boost/json.hpp>

#include "base/units.hpp"
#include "base/utf8.hpp"
#include "command/exit_code.hpp"

namespace certpivot::command {

namespace {

std::string_view word(CheckState state) {
  switch (state) {
    case CheckState::good:
      return "good";
    case CheckState::warning:
      return "warning";
    case CheckState::critical:
      return "critical";
    case CheckState::unknown:
      break;
  }
  return "unknown";
}

std::string_view verdict(CheckReport const& report) {
  if (report.absent) return "missing";
  return report.refusals.empty() ? "accepted" : "refused";
}

std::string joined(std::vector<std::string> const& words) {
  std::string all;
  for (std::string const& word : words) all += (all.empty() ? "" : ", ") + word;
  return all;
}

std::string line(std::string_view label, std::string_view text) {
  std::string padded(label);
  padded.resize(std::max<std::size_t>(padded.size(), 11), ' ');
  return "  " + padded + " " + std::string(text) + "\n";
}

std::string leaf_lines(CertificateFacts const& leaf, WallTime now) {
  Duration const left = leaf.not_after - now;
  return line("leaf", leaf.subject + ", serial " + leaf.serial + ", by " + leaf.issuer) +
         line("names", leaf.names.empty() ? "none" : joined(leaf.names)) +
         line("expires",
              to_rfc3339_seconds(leaf.not_after) +
                  (left > Duration::zero() ? ", in " + certpivot::to_text(left)
                                           : ", " + certpivot::to_text(-left) + " ago")) +
         line("sha256", leaf.fingerprint);
}

boost::json::array strings(std::vector<std::string> const& words) {
  boost::json::array all;
  for (std::string const& word : words) all.emplace_back(valid_utf8(word));
  return all;
}

boost::json::object object(CheckReport const& report, WallTime now) {
  boost::json::object one{{"certificate", report.name},      {"state", word(report.state)},
                          {"verdict", verdict(report)},      {"in_force", report.in_force},
                          {"generation", report.generation}, {"plan", valid_utf8(report.plan())}};
  if (!report.rolled_back.empty()) one["rolled_back"] = valid_utf8(report.rolled_back);
  boost::json::array reasons;
  for (trust::Refusal const& refusal : report.refusals)
    reasons.push_back({{"code", code(refusal.reason)}, {"text", valid_utf8(refusal.text)}});
  one["reasons"] = std::move(reasons);
  one["faults"] = strings(report.faults);
  one["warnings"] = strings(report.warnings);
  one["remarks"] = strings(report.remarks);
  if (!report.leaf) return one;
  CertificateFacts const& leaf = *report.leaf;
  one["subject"] = valid_utf8(leaf.subject);
  one["issuer"] = valid_utf8(leaf.issuer);
  one["serial"] = leaf.serial;
  one["fingerprint"] = leaf.fingerprint;
  one["names"] = strings(leaf.names);
  one["not_before"] = to_rfc3339_seconds(leaf.not_before);
  one["not_after"] = to_rfc3339_seconds(leaf.not_after);
  one["remaining_seconds"] =
      std::chrono::duration_cast<std::chrono::seconds>(leaf.not_after - now).count();
  return one;
}

}  // namespace

std::string CheckReport::plan() const {
  if (absent) return "wait for the source";
  if (in_force) return "nothing, generation " + std::to_string(generation) + " holds it already";
  if (!faults.empty())
    return generation == 0
               ? "try, and fail; nothing is in force yet"
               : "try, and fail; generation " + std::to_string(generation) + " stays in force";
  if (!rolled_back.empty())
    return "try it again in a while, since its last rollout did not end well; generation " +
           std::to_string(generation) + " stays in force until one does";
  if (!refusals.empty())
    return generation == 0
               ? "refuse it; nothing is in force"
               : "refuse it; generation " + std::to_string(generation) + " stays in force";
  std::string plan = publishes ? "publish it as the next generation" : "leave it where it is";
  if (!hooks.empty()) plan += ", run " + joined(hooks);
  if (!probes.empty()) plan += ", prove it at " + joined(probes);
  return plan;
}

std::string to_text(std::vector<CheckReport> const& reports, WallTime now) {
  std::string text;
  for (CheckReport const& report : reports) {
    text += report.name + ": " + std::string(word(report.state)) + ", " +
            std::string(verdict(report)) + "\n";
    if (report.leaf) text += leaf_lines(*report.leaf, now);
    for (trust::Refusal const& refusal : report.refusals)
      text += line(code(refusal.reason), refusal.text);
    if (!report.rolled_back.empty()) text += line("last time", report.rolled_back);
    for (std::string const& fault : report.faults) text += line("fault", fault);
    for (std::string const& warning : report.warnings) text += line("warning", warning);
    for (std::string const& remark : report.remarks) text += line("note", remark);
    text += line("plan", report.plan());
  }
  return text;
}

std::string to_json(std::vector<CheckReport> const& reports, WallTime now) {
  boost::json::array certificates;
  for (CheckReport const& report : reports) certificates.push_back(object(report, now));
  return boost::json::serialize(boost::json::object{{"certificates", std::move(certificates)}}) +
         "\n";
}

std::string to_json(std::vector<settings::Complaint> const& complaints) {
  boost::json::array all;
  for (settings::Complaint const& complaint : complaints)
    all.push_back({{"file", valid_utf8(complaint.file)},
                   {"line", complaint.line},
                   {"column", complaint.column},
                   {"text", valid_utf8(complaint.text)}});
  return boost::json::serialize(boost::json::object{{"complaints", std::move(all)}}) + "\n";
}

int exit_code_of(std::vector<CheckReport> const& reports) {
  auto const any = [&](CheckState state) {
    return std::any_of(reports.begin(), reports.end(),
                       [&](CheckReport const& report) { return report.state == state; });
  };
  if (any(CheckState::critical)) return check_critical;
  if (any(CheckState::unknown)) return check_unknown;
  return any(CheckState::warning) ? check_warning : done;
}

}  // namespace certpivot::command
