#include <algorithm>
#include <iostream>
#include <utility>
#include <vector>

#include "base/moment.hpp"
#include "command/check_connect.hpp"
#include "command/check_report.hpp"
#include "command/check_source.hpp"
#include "command/exit_code.hpp"
#include "command/flag_names.hpp"
#include "command/verbs.hpp"
#include "loop/timer.hpp"
#include "rollout/lanes.hpp"
#include "settings/read.hpp"

namespace certpivot::command {

namespace {

/// What was found, or an exit code where the command line or the file does not allow anything.
using Reports = tl::expected<std::vector<CheckReport>, int>;

tl::unexpected<int> complain(std::vector<settings::Complaint> const& complaints, Format format,
                             int code) {
  print(complaints);
  if (format == Format::json) std::cout << to_json(complaints);
  return tl::unexpected<int>(code);
}

tl::unexpected<int> refuse_usage(std::string const& sentence) {
  print_failure(sentence);
  return tl::unexpected<int>(usage);
}

bool wants_files(settings::CheckFlags const& flags) {
  return !flags.source.empty() || !flags.certificate.empty() || !flags.key.empty();
}

Reports served(CheckOptions const& options, WallTime now) {
  auto complaints = complaints_about(options.connect);
  auto settings = from_check_flags(options.flags);
  if (!settings)
    complaints.insert(complaints.end(), settings.error().begin(), settings.error().end());
  if (!complaints.empty()) return complain(complaints, options.format, usage);
  source::Evidence evidence;
  CheckReport report = check_connect(std::move(*settings), options.connect, evidence, now);
  name_flags(report);
  return std::vector{std::move(report)};
}

Reports files(CheckOptions const& options, WallTime now) {
  auto const settings = from_check_flags(options.flags);
  if (!settings) return complain(settings.error(), options.format, usage);
  source::Evidence evidence;
  CheckReport report = check_source(*settings, evidence, now);
  name_flags(report);
  return std::vector{std::move(report)};
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
    return refuse_usage("no certificate is named '" + name + "' in " + file +
                        settings::did_you_mean(name, known));
  }
  return wanted;
}

// The configuration, with those certificates only that were asked for, and the flags' thresholds.
tl::expected<settings::Settings, int> chosen(CheckOptions const& options,
                                             hook::Registry const& registry) {
  auto settings = settings::read(options.file);
  if (!settings) return complain(settings.error(), options.format, configuration);
  Log silent(LogLevel::error, LogFormat::text, false);
  Workers workers;
  for (auto const& certificate : settings->certificates) {
    if (auto const parts = rollout::assemble(certificate, registry, silent, workers); !parts) {
      print_failure(parts.error().text());
      return tl::unexpected<int>(configuration);
    }
  }
  if (!options.certificates.empty()) {
    auto wanted = named(options.certificates, settings->certificates, options.file);
    if (!wanted) return tl::unexpected<int>(wanted.error());
    settings->certificates = std::move(*wanted);
  }
  for (auto& certificate : settings->certificates) {
    auto const expiry = expiry_from(options.flags, certificate.expiry);
    if (!expiry) return complain(expiry.error(), options.format, usage);
    certificate.expiry = *expiry;
  }
  return std::move(*settings);
}

Reports configured(CheckOptions const& options, hook::Registry const& registry, WallTime now) {
  if (options.flags.ask_without_file())
    return refuse_usage(
        "flags that say how to judge need --source, --certificate or --connect; a configuration "
        "says it itself");
  auto const settings = chosen(options, registry);
  if (!settings) return tl::unexpected<int>(settings.error());
  source::Evidence evidence;
  std::vector<CheckReport> reports;
  for (settings::Certificate const& certificate : settings->certificates)
    reports.push_back(
        check_configured(certificate, settings->agent.state, registry, evidence, now));
  return reports;
}

// Names are of a configuration. The parser of the command line could tell so, too, but it would do
// that before it names a flag that it does not know, whose value it takes for a name.
Reports check_all(CheckOptions const& options, hook::Registry const& registry, WallTime now) {
  bool const alone = wants_files(options.flags) || !options.connect.address.empty();
  if (alone && !options.certificates.empty())
    return refuse_usage("'" + options.certificates.front() +
                        "' would be a certificate of the configuration, which --source, "
                        "--certificate, --key and --connect do without");
  if (!options.connect.address.empty()) return served(options, now);
  return wants_files(options.flags) ? files(options, now) : configured(options, registry, now);
}

}  // namespace

int check(CheckOptions const& options, hook::Registry const& registry) {
  if (!options.explain.empty()) return explain(options.explain, options.format);
  CheckTime time{SystemClock().now(), options.at.has_value()};
  if (time.chosen) {
    auto const moment = parse_moment(*options.at, time.now);
    if (!moment) {
      print_failure("--at " + *options.at +
                    " is no time; write 2026-12-24T18:00:00Z, or +30d from now");
      return usage;
    }
    time.now = *moment;
  }
  auto const reports = check_all(options, registry, time.now);
  if (!reports) return reports.error();
  std::cout << (options.format == Format::json ? to_json(*reports, time) : to_text(*reports, time));
  return exit_code_of(*reports);
}

}  // namespace certpivot::command
