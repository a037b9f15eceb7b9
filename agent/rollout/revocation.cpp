#include "rollout/revocation.hpp"

namespace certpivot::rollout {

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

std::optional<std::string> revoked_in_force(settings::Certificate const& settings,
                                            publish::Content const& in_force,
                                            source::Evidence& evidence, WallTime now) {
  if (settings.trust.revocation == settings::Revocation::off) return {};
  auto const anchors = evidence.anchors(settings.trust.anchors, in_force.ca, "the bundle in force");
  // Then nothing new can come into force either, and that refusal says why.
  if (!anchors) return {};
  auto const path = trust::certification_path(in_force.certificate, **anchors, now);
  trust::Revocation const known{evidence.crls(settings, nullptr),
                                evidence.answers(path, settings.trust, now)};
  return trust::revocation_of(path, **anchors, known, settings.trust, now);
}

}  // namespace certpivot::rollout
