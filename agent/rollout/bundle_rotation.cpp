#include "rollout/bundle_rotation.hpp"

#include <algorithm>
#include <initializer_list>
#include <utility>

#include "base/units.hpp"
#include "base/words.hpp"
#include "crypto/certificate.hpp"
#include "crypto/crl.hpp"
#include "trust/bundle.hpp"

namespace certpivot::rollout {

namespace {

// How long the anchors of before stay beside the new ones while the new pair follows, at the least.
constexpr Duration shortest_overlap = std::chrono::hours(1);

constexpr char const* without_crl =
    "source.crl is no longer configured, and ca.crl leaves the publish directory: take it out of "
    "the servers' configuration, where what it has revoked is accepted again";

// A bundle that the configuration does without is no change.
bool bundle_changes(settings::Certificate const& settings, source::Snapshot const& snapshot,
                    Known const& known) {
  if (known.target == nullptr || known.bundle.digest.empty() || settings.source.ca.empty())
    return false;
  return known.bundle.kept_until || !snapshot.ca ||
         trust::bundle_digest(snapshot.ca->bytes.view()) != known.bundle.digest;
}

bool crl_changes(source::Snapshot const& snapshot, Known const& known) {
  if (known.target == nullptr || known.generation == 0) return false;
  if (!snapshot.crl) return !known.bundle.crl_digest.empty();
  return crypto::digest({snapshot.crl->bytes.view()}) != known.bundle.crl_digest;
}

bool refused_for(trust::Verdict const& verdict, std::initializer_list<trust::Reason> reasons) {
  return std::any_of(verdict.refusals.begin(), verdict.refusals.end(), [&](auto const& refusal) {
    return std::find(reasons.begin(), reasons.end(), refusal.reason) != reasons.end();
  });
}

// A bundle that can stand beside the pair in force.
bool is_good_bundle(trust::Verdict const& verdict, std::string_view bundle,
                    std::string_view certificate, std::string_view before, WallTime now) {
  if (!verdict.bundle_usable || refused_for(verdict, {trust::Reason::ca_without_overlap}))
    return false;
  return !trust::verifies_under(certificate, before, now) ||
         trust::verifies_under(certificate, bundle, now);
}

}  // namespace

Result<std::optional<UnderChange>> content_under_change(settings::Certificate const& settings,
                                                        source::Snapshot const& snapshot,
                                                        Known const& known) {
  bool const bundle = bundle_changes(settings, snapshot, known);
  if (!bundle && !crl_changes(snapshot, known)) return std::optional<UnderChange>();
  auto content = known.target->load(known.generation);
  if (!content) return fail(std::move(content.error()));
  return std::optional(UnderChange{std::move(*content), bundle});
}

BundleRotation rotate_bundle(publish::StoredContent const& in_force,
                             settings::Certificate const& settings, Candidate const& candidate,
                             WallTime now) {
  std::string const before = in_force.ca.value_or("");
  auto const next = candidate.content().ca.value_or("");
  std::string const& origin = candidate.snapshot.ca_path;
  Duration const grace = settings.publish->ca_grace;
  auto change = trust::change_bundle(before, next, grace, now);
  BundleRotation rotation{.ca_pem = std::move(change.text)};
  if (!change.added.empty())
    rotation.both_pem =
        trust::change_bundle(before, next, std::max(grace, shortest_overlap), now).text;
  if (!change.kept.empty())
    rotation.warnings.push_back(origin + " no longer holds " + joined(change.kept, most_named) +
                                ": published until " + to_rfc3339_seconds(change.until) +
                                " all the same, as publish.ca_grace has it");
  if (!change.dropped.empty())
    rotation.warnings.push_back(origin + " no longer holds " + joined(change.dropped, most_named) +
                                ": peers with a certificate of it are no longer accepted");
  return rotation;
}

// What a CRL that was published has revoked must not be forgotten without a word.
std::vector<std::string> crl_warnings(publish::StoredContent const& in_force,
                                      settings::Certificate const& settings,
                                      Candidate const& candidate) {
  std::vector<std::string> warnings;
  if (!in_force.crl) return warnings;
  if (settings.source.crl.empty()) return {without_crl};
  auto const old = crypto::read_crls(*in_force.crl);
  auto const fresh = crypto::read_crls(candidate.content().crl.value_or(""));
  if (!old || !fresh) return warnings;
  std::string const& origin = candidate.snapshot.crl_path;
  for (crypto::Crl const& was : *old) {
    bool const stays = std::any_of(fresh->begin(), fresh->end(), [&](crypto::Crl const& one) {
      return one.issuer() == was.issuer();
    });
    if (!stays)
      warnings.push_back(origin + " no longer holds the CRL of " + was.issuer() +
                         ": servers that check CRLs refuse every certificate of it, and of an "
                         "anchor that publish.ca_grace keeps as well");
  }
  return warnings;
}

Result<GraceEnd> end_of_grace(publish::Target& target, publish::Number in_force, Duration grace,
                              WallTime now) {
  auto content = target.load(in_force);
  if (!content) return fail(std::move(content.error()));
  std::string const before = content->ca.value_or("");
  auto change = trust::change_bundle(before, trust::own_part(before), grace, now);
  if (trust::verifies_under(content->certificate, before, now) &&
      !trust::verifies_under(content->certificate, change.text, now))
    return fail(
        "cannot drop " + joined(change.dropped, most_named) + " from the published CA bundle", {},
        "the pair in force verifies under no other anchor of it", "bring a pair of the new CA");
  GraceEnd end{std::make_unique<BundleAlone>(), std::move(change.dropped)};
  end.payload->ca_pem = std::move(change.text);
  end.payload->in_force = std::move(*content);
  return end;
}

std::unique_ptr<BundleAlone> without_pair(UnderChange in_force, Candidate const& candidate,
                                          Known const& known, WallTime now) {
  auto payload = std::make_unique<BundleAlone>();
  payload->in_force = std::move(in_force.content);
  std::string const before = payload->in_force.ca.value_or("");
  bool const taken =
      in_force.bundle && is_good_bundle(candidate.verdict, trust::own_part(candidate.ca_pem),
                                        payload->in_force.certificate, before, now);
  payload->ca_pem = taken ? candidate.ca_pem : before;
  if (auto const crl = candidate.content().crl; crl && candidate.verdict.crl_usable)
    payload->in_force.crl = std::string(*crl);
  return digest_of(payload->content()) == known.digest ? nullptr : std::move(payload);
}

}  // namespace certpivot::rollout
