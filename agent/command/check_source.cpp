#include "command/check_source.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "base/units.hpp"
#include "base/words.hpp"
#include "command/check_hooks.hpp"
#include "command/check_in_force.hpp"
#include "crypto/der.hpp"
#include "crypto/pem.hpp"
#include "journal/database.hpp"
#include "publish/directory.hpp"
#include "publish/remarks.hpp"
#include "rollout/examine.hpp"
#include "source/layout.hpp"
#include "source/mount.hpp"
#include "source/names.hpp"
#include "source/read.hpp"

namespace certpivot::command {

namespace {

std::string ending_in_words(std::string const& outcome) {
  if (outcome == "rolled_back") return "was rolled back";
  return outcome == "abandoned" ? "was not begun" : outcome;
}

// What every rule accepts and the server does not: only the journal knows. `digests` are of all
// that would be rolled out.
void remember(CheckReport& report, Result<journal::Past> const& past,
              std::vector<std::string> const& digests) {
  if (digests.empty()) return;
  if (!past) {
    report.remarks.push_back(past.error().text());
    return;
  }
  auto const& last = past->last_rollout;
  bool const ended_badly = last && !last->outcome.empty() && last->outcome != "committed" &&
                           std::find(digests.begin(), digests.end(), last->digest) != digests.end();
  if (!ended_badly) return;
  report.rolled_back = "generation " + std::to_string(last->generation) +
                       " held this content and " + ending_in_words(last->outcome) + " at " +
                       to_rfc3339_seconds(last->ended) + ": " + last->reason;
  report.state = CheckState::critical;
}

// What is in force and never reached its server: that, too, only the journal knows.
void tell_debt(CheckReport& report, journal::Past const& past) {
  auto const& last = past.last_rollout;
  bool const under_way = last && last->outcome.empty();
  if (!past.hooks_owed && !under_way) return;
  report.owed = under_way ? "a rollout is under way since " + to_rfc3339_seconds(last->started)
                : last    ? last->reason
                          : "they have not run yet";
  report.state = worse(report.state, under_way ? CheckState::warning : CheckState::critical);
}

// The files that are read, also those that need not be there.
std::vector<std::string> names_read(settings::Source const& source) {
  std::vector<std::string> names;
  for (source::Name const& name : source::names_of(source)) {
    std::error_code ignored;
    bool const there = name.required || std::filesystem::exists(name.path, ignored);
    if (there && name.role != source::Role::passphrase) names.push_back(name.name);
  }
  return names;
}

// Which names were found where none are configured, and which others are there.
void tell_layout(CheckReport& report, settings::Source const& source) {
  if (!source.find_names) return;
  auto const complete = source::complete_layouts(source);
  if (complete.empty()) return;
  auto const& first = complete.front();
  report.found = FoundNames{first.writer, names_read(source)};
  for (source::Layout const& other : complete)
    if (other.writer != first.writer)
      report.remarks.push_back(source.directory + " also holds " + other.writer + " names (" +
                               joined(other.required()) +
                               "), which are not read; name the files that are meant");
}

// "CA bundle", "CRL" or both: where they are another than in force.
std::string what_changes(rollout::BundleAlone const& payload, rollout::Known const& known) {
  bool const bundle = payload.ca_pem != payload.in_force.ca.value_or("");
  bool const crl = rollout::bundle_of(payload.content()).crl_digest != known.bundle.crl_digest;
  return std::string(bundle ? "CA bundle" : "") + (bundle && crl ? " and " : "") +
         (crl ? "CRL" : "");
}

struct Judged {
  CheckReport report = {};
  std::vector<std::string> digests = {};  ///< of what the daemon would roll out
};

// What the daemon would roll out, and whether that is more than the pair.
void tell_rollouts(Judged& judged, rollout::Examination const& found, rollout::Known const& known) {
  CheckReport& report = judged.report;
  report.in_force = !known.digest.empty() && found.digest == known.digest;
  if (report.in_force) return;
  if (found.trust_first) {
    report.trust_first = true;
    judged.digests.push_back(rollout::digest_of(found.trust_first->content()));
  }
  if (found.trust_alone) {
    report.trust_alone = what_changes(*found.trust_alone, known);
    judged.digests.push_back(rollout::digest_of(found.trust_alone->content()));
  }
  if (found.refusals.empty()) judged.digests.push_back(found.digest);
}

Judged judge_source(settings::Certificate const& settings, rollout::Known known,
                    source::Evidence& evidence, WallTime now) {
  known.anew = true;
  auto found = rollout::examine(settings, known, evidence, now);
  Judged judged;
  tell_rollouts(judged, found, known);
  CheckReport& report = judged.report;
  report.name = settings.name;
  report.absent = found.look.found == rollout::Look::Found::absent;
  report.refusals = std::move(found.refusals);
  report.warnings = std::move(found.warnings);
  report.leaf = std::move(found.leaf);
  report.due = found.due;
  tell_layout(report, settings.source);
  for (std::string& remark : source::mount_remarks(settings.source))
    report.remarks.push_back(std::move(remark));
  report.rate(settings.expiry, now);
  return judged;
}

// Whether the one file that is named holds a chain and nothing to go with it.
bool holds_no_key(settings::Source const& source) {
  if (source.bundle.empty()) return false;
  auto const read = source::read(source);
  if (!read) return false;
  auto const bytes = read->certificate.bytes.view();
  if (crypto::looks_like_der(bytes)) return crypto::der_form(bytes) == crypto::DerForm::certificate;
  return !crypto::mentions_private_key(bytes);
}

// A public certificate, as a pipeline has it, is judged by all rules but the key's.
settings::Certificate without_key(settings::Certificate settings) {
  settings.source.certificate = std::exchange(settings.source.bundle, {});
  return settings;
}

// A daemon waits for the rest of a source that is half there; here there is nothing to judge.
bool lacks_certificate(settings::Source const& source) {
  auto const read = source::read(source);
  if (read) return false;
  auto const names = source::names_of(source);
  auto const is_of_certificate = [&](source::Fault const& fault) {
    return fault.kind == source::FaultKind::missing &&
           std::any_of(names.begin(), names.end(), [&](source::Name const& name) {
             return name.role == source::Role::certificate && name.path == fault.path;
           });
  };
  return std::any_of(read.error().begin(), read.error().end(), is_of_certificate);
}

}  // namespace

CheckReport check_source(settings::Certificate const& settings, source::Evidence& evidence,
                         WallTime now) {
  bool const alone = holds_no_key(settings.source);
  CheckReport report =
      judge_source(alone ? without_key(settings) : settings, {}, evidence, now).report;
  if (alone) report.remarks.emplace_back("no key given: the pair is not checked");
  report.warn_of_start();
  if (!report.leaf && !report.absent && lacks_certificate(settings.source)) {
    report.absent = true;
    report.state = CheckState::unknown;
  }
  return report;
}

CheckReport check_configured(settings::Certificate const& settings, std::string const& state,
                             hook::Registry const& registry, source::Evidence& evidence,
                             WallTime now) {
  auto const target = settings.publish ? publish::make_directory(*settings.publish) : nullptr;
  auto const past = state.empty() ? Result<journal::Past>(journal::Past())
                                  : journal::past_of(state, settings.name);
  InForce in_force = target ? read_in_force(settings, *target, evidence, now) : InForce();
  // Somebody emptied the publish directory, and peers may need an anchor that was there.
  if (target && past && in_force.known.generation == 0) in_force.known.lost_ca = past->last_bundle;
  auto [report, digests] = judge_source(settings, in_force.known, evidence, now);
  report.configured = true;
  auto const leaf_in_force = in_force.known.leaf;
  tell_in_force(report, std::move(in_force), now);
  report.publishes = settings.publish.has_value();
  if (settings.publish)
    for (std::string& remark : publish::remarks(*settings.publish))
      report.remarks.push_back(std::move(remark));
  for (settings::Hook const& hook : settings.hooks) report.hooks.push_back(hook.type);
  for (settings::Probe const& probe : settings.probes) report.probes.push_back(probe.address);
  remember(report, past, digests);
  if (report.in_force && past) tell_debt(report, *past);
  if (!digests.empty() || report.in_force) look_ahead(report, settings, registry);
  if (leaf_in_force && report.is_held_back())
    report.rate_what_stays(*leaf_in_force, settings.expiry, now);
  return std::move(report);
}

}  // namespace certpivot::command
