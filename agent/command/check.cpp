#include <algorithm>
#include <iostream>
#include <utility>
#include <vector>

#include "command/check_report.hpp"
#include "command/exit_code.hpp"
#include "command/verbs.hpp"
#include "hook/attempt.hpp"
#include "journal/database.hpp"
#include "loop/asio.hpp"
#include "loop/timer.hpp"
#include "publish/directory.hpp"
#include "publish/remarks.hpp"
#include "rollout/lanes.hpp"
#include "rollout/recover.hpp"
#include "settings/read.hpp"
#include "source/mount.hpp"

namespace certpivot::command {

namespace {

// What is published now, without making or changing anything. A directory that is not there yet, or
// whose content we cannot read, leaves the answer empty; remarks() has the words for that.
journal::InForce published(settings::Certificate const& settings) {
  if (!settings.publish) return {};
  auto const target = publish::make_directory(*settings.publish);
  auto const current = target->current();
  if (!current || *current == 0) return {};
  auto const content = target->load(*current);
  if (!content) return {*current, {}, {}, false};
  return {*current, rollout::digest_of(content->view()), rollout::facts_of(content->certificate),
          false};
}

CheckState state_of(rollout::Examination const& found, settings::Expiry const& expiry,
                    WallTime now) {
  if (found.look.found == rollout::Look::Found::absent) return CheckState::unknown;
  if (!found.refusals.empty() || !found.leaf) return CheckState::critical;
  Duration const lifetime = found.leaf->not_after - found.leaf->not_before;
  Duration const left = found.leaf->not_after - now;
  if (left <= expiry.critical.of(lifetime)) return CheckState::critical;
  if (left <= expiry.warning.of(lifetime)) return CheckState::warning;
  return CheckState::good;
}

std::string ending_in_words(std::string const& outcome) {
  if (outcome == "rolled_back") return "was rolled back";
  return outcome == "abandoned" ? "was not begun" : outcome;
}

// A pair that every rule accepts and the server does not: only the journal knows.
void remember(CheckReport& report, std::string const& state, std::string const& digest) {
  if (state.empty() || report.in_force || !report.refusals.empty() || digest.empty()) return;
  auto const last = journal::last_rollout(state, report.name);
  if (!last) {
    report.remarks.push_back(last.error().text());
    return;
  }
  bool const ended_badly = *last && (*last)->digest == digest && !(*last)->outcome.empty() &&
                           (*last)->outcome != "committed";
  if (!ended_badly) return;
  report.rolled_back = "generation " + std::to_string((*last)->generation) +
                       " held this content and " + ending_in_words((*last)->outcome) + " at " +
                       to_rfc3339_seconds((*last)->ended) + ": " + (*last)->reason;
  report.state = CheckState::critical;
}

// Puts the pre-check of each hook, as the daemon does before its pivot. Before the first one the
// daemon asks none, because the server may have to wait for it: a failure is a doubt then, unless a
// program is missing, which will be missing later too.
void ask_hooks(CheckReport& report, settings::Certificate const& settings,
               hook::Registry const& registry) {
  Log silent(LogLevel::error, LogFormat::text, false);
  asio::io_context loop(1);
  Workers workers;  // gone before the loop that they answer to
  auto const parts = rollout::assemble(settings, registry, silent, workers);
  if (!parts) {
    report.faults.push_back(parts.error().text());
    return;
  }
  event::Event about;
  about.certificate = settings.name;
  for (auto const& [hook_settings, hook] : parts->hooks) {
    bool const counts = report.generation != 0 || hook_settings.type == "exec";
    loop.restart();
    asio::co_spawn(loop, hook::attempt_check(*hook, hook_settings, about),
                   [&, name = hook->name()](std::exception_ptr const&, Result<void> const& fit) {
                     if (fit) return;
                     auto const sentence = name + ": " + fit.error().text();
                     if (counts) return report.faults.push_back(sentence);
                     report.warnings.push_back(
                         sentence + " (no harm where the server starts after the first pair)");
                     if (report.state == CheckState::good) report.state = CheckState::warning;
                   });
    loop.run();
  }
}

// What would keep the daemon from rolling out a pair that every rule accepts.
void look_ahead(CheckReport& report, settings::Certificate const& settings,
                hook::Registry const& registry) {
  ask_hooks(report, settings, registry);
  if (settings.publish)
    for (std::string& fault : publish::faults(*settings.publish))
      report.faults.push_back(std::move(fault));
  if (!report.faults.empty()) report.state = CheckState::critical;
}

// A state below good that no broken rule explains.
void explain_threshold(CheckReport& report, WallTime now) {
  if (!report.leaf || !report.refusals.empty()) return;
  if (report.state != CheckState::warning && report.state != CheckState::critical) return;
  report.warnings.push_back(
      "only " + certpivot::to_text(report.leaf->not_after - now) + " are left, less than expiry." +
      (report.state == CheckState::warning ? "warning" : "critical") + " asks for: renew it");
}

CheckReport examine(settings::Certificate const& settings, std::string const& state,
                    hook::Registry const& registry, source::Evidence& evidence, WallTime now) {
  journal::InForce const current = published(settings);
  // Without the digest in force, so that what is in force is judged like anything else.
  auto found = rollout::examine(settings, {.leaf = current.leaf}, evidence, now);
  CheckReport report;
  report.name = settings.name;
  report.state = state_of(found, settings.expiry, now);
  report.absent = found.look.found == rollout::Look::Found::absent;
  report.in_force = !found.digest.empty() && found.digest == current.digest;
  report.generation = current.generation;
  report.refusals = std::move(found.refusals);
  report.warnings = std::move(found.warnings);
  report.leaf = std::move(found.leaf);
  report.remarks = source::mount_remarks(settings.source);
  if (settings.publish)
    for (std::string& remark : publish::remarks(*settings.publish))
      report.remarks.push_back(std::move(remark));
  for (settings::Hook const& hook : settings.hooks) report.hooks.push_back(hook.type);
  for (settings::Probe const& probe : settings.probes) report.probes.push_back(probe.address);
  report.publishes = settings.publish.has_value();
  explain_threshold(report, now);
  remember(report, state, found.digest);
  if (!report.absent && report.refusals.empty() && !report.in_force)
    look_ahead(report, settings, registry);
  return report;
}

// A pair given by flags is a certificate without publication, hooks or probes.
settings::Certificate pair_of(CheckOptions const& options) {
  settings::Certificate pair;
  pair.name = options.flags.certificate;
  pair.source.certificate = options.flags.certificate;
  pair.source.key = options.flags.key;
  pair.source.ca = options.flags.ca;
  pair.source.ca_required = !options.flags.ca.empty();
  pair.trust.anchors = options.flags.anchors;
  pair.trust.names = options.names;
  if (options.purpose == "client") pair.trust.purpose = settings::Purpose::client;
  if (options.purpose == "both") pair.trust.purpose = settings::Purpose::both;
  if (options.purpose == "any") pair.trust.purpose = settings::Purpose::any;
  return pair;
}

int complain(std::vector<settings::Complaint> const& complaints, Format format) {
  print(complaints);
  if (format == Format::json) std::cout << to_json(complaints);
  return configuration;
}

// The certificates of those names, or an exit code where one is not there.
tl::expected<std::vector<settings::Certificate>, int> named(
    std::vector<std::string> const& names, std::vector<settings::Certificate> const& all,
    std::string const& file) {
  std::vector<settings::Certificate> wanted;
  for (std::string const& name : names) {
    auto const found =
        std::find_if(all.begin(), all.end(), [&](auto const& one) { return one.name == name; });
    if (found != all.end()) {
      wanted.push_back(*found);
      continue;
    }
    std::vector<std::string_view> known;
    known.reserve(all.size());
    for (auto const& one : all) known.emplace_back(one.name);
    print_failure("no certificate is named '" + name + "' in " + file +
                  settings::did_you_mean(name, known));
    return tl::unexpected<int>(usage);
  }
  return wanted;
}

// What to check, or an exit code where the command line or the file does not allow anything.
tl::expected<settings::Settings, int> chosen(CheckOptions const& options,
                                             hook::Registry const& registry) {
  bool const by_flags = !options.flags.certificate.empty() || !options.flags.key.empty();
  if (by_flags && (options.flags.certificate.empty() || options.flags.key.empty())) {
    print_failure("--certificate and --key belong together; give both");
    return tl::unexpected<int>(usage);
  }
  if (by_flags) return settings::Settings{{.state = {}}, {pair_of(options)}};
  auto settings = settings::read(options.file);
  if (!settings) return tl::unexpected<int>(complain(settings.error(), options.format));
  Log silent(LogLevel::error, LogFormat::text, false);
  Workers workers;
  for (auto const& certificate : settings->certificates) {
    if (auto const parts = rollout::assemble(certificate, registry, silent, workers); !parts) {
      print_failure(parts.error().text());
      return tl::unexpected<int>(configuration);
    }
  }
  if (options.certificates.empty()) return std::move(*settings);
  auto wanted = named(options.certificates, settings->certificates, options.file);
  if (!wanted) return tl::unexpected<int>(wanted.error());
  settings->certificates = std::move(*wanted);
  return std::move(*settings);
}

}  // namespace

int check(CheckOptions const& options, hook::Registry const& registry) {
  auto const settings = chosen(options, registry);
  if (!settings) return settings.error();
  source::Evidence evidence;
  WallTime const now = SystemClock().now();
  std::vector<CheckReport> reports;
  for (settings::Certificate const& certificate : settings->certificates)
    reports.push_back(examine(certificate, settings->agent.state, registry, evidence, now));
  std::cout << (options.format == Format::json ? to_json(reports, now) : to_text(reports, now));
  return exit_code_of(reports);
}

}  // namespace certpivot::command
