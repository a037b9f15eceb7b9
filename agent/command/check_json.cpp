#include <boost/json.hpp>

#include "base/units.hpp"
#include "base/utf8.hpp"
#include "command/check_report.hpp"

namespace certpivot::command {

namespace {

boost::json::array strings(std::vector<std::string> const& words) {
  boost::json::array all;
  for (std::string const& word : words) all.emplace_back(valid_utf8(word));
  return all;
}

boost::json::array kept_anchors(std::vector<trust::KeptSubject> const& kept) {
  boost::json::array all;
  for (trust::KeptSubject const& anchor : kept)
    all.push_back(
        {{"subject", valid_utf8(anchor.subject)}, {"until", to_rfc3339_seconds(anchor.until)}});
  return all;
}

void add_leaf(boost::json::object& one, CertificateFacts const& leaf, WallTime now) {
  auto const left = leaf.not_after - now;
  one["subject"] = valid_utf8(leaf.subject);
  one["issuer"] = valid_utf8(leaf.issuer);
  one["serial"] = leaf.serial;
  one["fingerprint"] = leaf.fingerprint;
  one["names"] = strings(leaf.names);
  one["key"] = leaf.key;
  one["security_bits"] = leaf.security_bits;
  one["not_before"] = to_rfc3339_seconds(leaf.not_before);
  one["not_after"] = to_rfc3339_seconds(leaf.not_after);
  one["remaining_seconds"] = std::chrono::duration_cast<std::chrono::seconds>(left).count();
  one["remaining_days"] = std::chrono::duration_cast<std::chrono::days>(left).count();
}

boost::json::object object(CheckReport const& report, CheckTime time) {
  boost::json::object one{{"certificate", valid_utf8(report.name)},
                          {"state", word(report.state)},
                          {"verdict", report.verdict()},
                          {"in_force", report.in_force},
                          {"generation", report.generation}};
  if (report.configured) one["plan"] = valid_utf8(report.plan());
  if (time.chosen) one["judged_for"] = to_rfc3339_seconds(time.now);
  if (!report.rolled_back.empty()) one["rolled_back"] = valid_utf8(report.rolled_back);
  if (!report.owed.empty()) one["hooks_owed"] = valid_utf8(report.owed);
  if (!report.revoked.empty()) one["revoked_in_force"] = valid_utf8(report.revoked);
  if (report.stays) {
    Duration const left = report.stays->not_after - time.now;
    one["not_after_in_force"] = to_rfc3339_seconds(report.stays->not_after);
    one["remaining_seconds_in_force"] =
        std::chrono::duration_cast<std::chrono::seconds>(left).count();
  }
  if (!report.kept.empty()) one["kept_anchors"] = kept_anchors(report.kept);
  if (report.trust_first) one["trust_first"] = true;
  if (!report.trust_alone.empty()) one["trust_alone"] = report.trust_alone;
  boost::json::array reasons;
  for (trust::Refusal const& refusal : report.refusals)
    reasons.push_back({{"code", code(refusal.reason)}, {"text", valid_utf8(refusal.text)}});
  one["reasons"] = std::move(reasons);
  one["faults"] = strings(report.faults);
  one["warnings"] = strings(report.warnings);
  one["remarks"] = strings(report.remarks);
  if (report.found) one["found"] = strings(report.found->names);
  if (report.served) {
    one["protocol"] = report.served->protocol;
    one["chain"] = strings(report.served->subjects);
  }
  if (report.leaf) add_leaf(one, *report.leaf, time.now);
  return one;
}

}  // namespace

std::string to_json(std::vector<CheckReport> const& reports, CheckTime time) {
  boost::json::array certificates;
  for (CheckReport const& report : reports) certificates.push_back(object(report, time));
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

}  // namespace certpivot::command
