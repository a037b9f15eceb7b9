#include "rollout/revocation.hpp"

#include <algorithm>
#include <utility>

namespace certpivot::rollout {

namespace {

Result<std::optional<std::string>> revocation_of(std::vector<crypto::Certificate> const& path,
                                                 crypto::Anchors const& anchors,
                                                 std::vector<crypto::CrlFile> crls,
                                                 settings::Trust const& rules,
                                                 source::Evidence& evidence, WallTime now) {
  trust::Revocation const known{std::move(crls), evidence.answers(path, rules, now)};
  return trust::revocation_of(path, anchors, known, rules, now);
}

}  // namespace

trust::Revocation revocation_known(settings::Certificate const& settings,
                                   source::Snapshot const& snapshot, crypto::Anchors const* anchors,
                                   source::Evidence& evidence, WallTime now) {
  trust::Revocation known{evidence.crls(settings, &snapshot), {}};
  if (settings.trust.revocation == settings::Revocation::ocsp && anchors != nullptr) {
    auto const path = trust::certification_path(snapshot, *anchors, now);
    known.answers = evidence.answers(path, settings.trust, now);
  }
  return known;
}

Result<std::optional<std::string>> revoked_in_force(settings::Certificate const& settings,
                                                    publish::Content const& in_force,
                                                    source::Evidence& evidence, WallTime now) {
  if (settings.trust.revocation == settings::Revocation::off) return std::optional<std::string>();
  auto const anchors = evidence.anchors(settings.trust.anchors, in_force.ca, "the bundle in force");
  if (!anchors) return fail(anchors.error());
  auto const path = trust::certification_path(in_force.certificate, **anchors, now);
  return revocation_of(path, **anchors, evidence.crls(settings, nullptr), settings.trust, evidence,
                       now);
}

Result<std::optional<std::string>> revoked_in_force(settings::Certificate const& settings,
                                                    source::Snapshot const& in_force,
                                                    source::Evidence& evidence, WallTime now) {
  if (settings.trust.revocation == settings::Revocation::off) return std::optional<std::string>();
  auto const anchors = evidence.anchors(settings.trust.anchors, in_force);
  if (!anchors) return fail(anchors.error());
  auto const path = trust::certification_path(in_force, **anchors, now);
  return revocation_of(path, **anchors, evidence.crls(settings, &in_force), settings.trust,
                       evidence, now);
}

WallTime crls_hold_until(settings::Certificate const& settings, source::Evidence& evidence,
                         WallTime now) {
  WallTime first = WallTime::max();
  for (crypto::CrlFile const& file : evidence.crls(settings, nullptr)) {
    if (!file.crls) continue;
    for (crypto::Crl const& crl : *file.crls)
      if (auto const end = crl.next_update(); end && *end > now) first = std::min(first, *end);
  }
  return first;
}

}  // namespace certpivot::rollout
