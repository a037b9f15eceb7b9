#include <array>
#include <cstddef>
#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "base/units.hpp"
#include "base/utf8.hpp"
#include "event/event.hpp"

namespace certpivot::event {

namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 17> kind_names{"accepted",
                                                      "refused",
                                                      "committed",
                                                      "rolled_back",
                                                      "failed",
                                                      "held",
                                                      "released",
                                                      "expiring",
                                                      "expired",
                                                      "overdue",
                                                      "not_served",
                                                      "recovered",
                                                      "source_lost",
                                                      "source_found",
                                                      "configuration_loaded",
                                                      "configuration_refused",
                                                      "revoked"};
static_assert(static_cast<std::size_t>(Kind::revoked) + 1 == kind_names.size());

void put(json::object& into, std::string_view member, std::string_view value) {
  if (value.empty()) return;
  into[json::string_view(member.data(), member.size())] = valid_utf8(value);
}

void put_leaf(json::object& into, CertificateFacts const& leaf, WallTime now) {
  put(into, "serial", leaf.serial);
  put(into, "fingerprint", leaf.fingerprint);
  put(into, "subject", leaf.subject);
  if (!leaf.names.empty()) {
    json::array names;
    for (std::string const& name : leaf.names) names.emplace_back(valid_utf8(name));
    into["names"] = std::move(names);
  }
  put(into, "issuer", leaf.issuer);
  put(into, "not_before", to_rfc3339_seconds(leaf.not_before));
  put(into, "not_after", to_rfc3339_seconds(leaf.not_after));
  into["remaining_seconds"] =
      std::chrono::floor<std::chrono::seconds>(leaf.not_after - now).count();
}

void put_paths(json::object& into, Paths const& paths) {
  json::object members;
  put(members, "certificate", paths.certificate);
  put(members, "key", paths.key);
  put(members, "ca", paths.ca);
  if (!members.empty()) into["paths"] = std::move(members);
}

void put_reasons(json::object& into, std::vector<Reason> const& reasons) {
  if (reasons.empty()) return;
  json::array all;
  for (Reason const& reason : reasons)
    all.push_back(
        json::object{{"code", valid_utf8(reason.code)}, {"text", valid_utf8(reason.text)}});
  into["reasons"] = std::move(all);
}

}  // namespace

std::string_view name(Kind kind) { return kind_names.at(static_cast<std::size_t>(kind)); }

std::string to_json(Event const& event) {
  json::object members;
  put(members, "time", to_rfc3339(event.time));
  put(members, "event", name(event.kind));
  put(members, "certificate", event.certificate);
  if (event.generation != 0) members["generation"] = event.generation;
  if (event.leaf) put_leaf(members, *event.leaf, event.time);
  put_paths(members, event.paths);
  put_reasons(members, event.reasons);
  put(members, "hook", event.hook);
  if (event.duration) members["duration_ms"] = event.duration->count();
  return json::serialize(members);
}

}  // namespace certpivot::event
