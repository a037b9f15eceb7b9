#include "settings/flags.hpp"

#include <filesystem>
#include <sstream>

#include "settings/places.hpp"
#include "settings/quote.hpp"
#include "settings/report.hpp"
#include "settings/rules.hpp"

namespace certpivot::settings {

namespace {

void complain(Report& report, std::string const& flag, std::string const& wrong) {
  if (!wrong.empty()) report.complain({}, flag + " " + wrong);
}

/// Sets `value` to the flag, where it is given.
void take(Report& report, std::string const& flag, std::string const& given, std::string& value,
          std::string (*rule)(std::string const&)) {
  if (given.empty()) return;
  complain(report, flag, rule(given));
  value = given;
}

void take_source(Flags const& flags, Source& source, Report& report) {
  take(report, "--source", flags.source, source.directory, absolute_directory);
  take(report, "--certificate", flags.certificate, source.certificate, file_name);
  take(report, "--key", flags.key, source.key, file_name);
  take(report, "--ca", flags.ca, source.ca, file_name);
  source.ca_required = !flags.ca.empty();
  source.find_names = flags.certificate.empty() && flags.key.empty();
  if (!source.directory.empty()) return;
  bool const elsewhere = is_absolute(source.certificate) && is_absolute(source.key) &&
                         (!source.ca_required || is_absolute(source.ca));
  if (!elsewhere) complain(report, "--source", "is missing, and not all names are absolute paths");
  if (!source.ca_required) source.ca.clear();
}

void add_signal(Flags const& flags, std::vector<Hook>& hooks, Report& report) {
  if (flags.signal.empty() && flags.pidfile.empty()) return;
  if (flags.pidfile.empty()) complain(report, "--signal", "needs --pidfile to know whom it is for");
  if (flags.signal.empty())
    complain(report, "--pidfile", "needs --signal: none is sent by default");
  Hook hook;
  hook.type = "signal";
  take(report, "--pidfile", flags.pidfile, hook.signal.pidfile, pid_file);
  if (auto name = signal_name(flags.signal))
    hook.signal.signal = std::move(*name);
  else if (!flags.signal.empty())
    complain(report, "--signal",
             "must be a signal such as \"HUP\" or its number, not " + in_quotes(flags.signal));
  hooks.push_back(std::move(hook));
}

void add_exec(Flags const& flags, std::vector<Hook>& hooks, Report& report) {
  if (flags.exec.empty()) return;
  Hook hook;
  hook.type = "exec";
  std::istringstream words(flags.exec);
  for (std::string word; words >> word;) hook.exec.command.push_back(word);
  if (hook.exec.command.empty())
    complain(report, "--exec", "must name a program");
  else if (auto const wrong = absolute_file(hook.exec.command.front()); !wrong.empty())
    complain(report, "--exec", "must begin with a program, which " + wrong);
  hooks.push_back(std::move(hook));
}

}  // namespace

Checked<Settings> from_flags(Flags const& flags) {
  Report report;
  Settings settings;
  settings.agent.state.clear();
  Certificate& certificate = settings.certificates.emplace_back();
  certificate.name = "default";
  take(report, "--name", flags.name, certificate.name, certificate_name);
  take_source(flags, certificate.source, report);
  take(report, "--anchors", flags.anchors, certificate.trust.anchors, anchors);
  if (!flags.publish.empty()) {
    std::string& directory = certificate.publish.emplace().directory;
    take(report, "--publish", flags.publish, directory, absolute_directory);
    if (is_absolute(directory))
      complain(report, "--publish", publish_conflict(directory, certificate.source));
  }
  if (!flags.signal.empty() && !flags.exec.empty())
    complain(report, "--signal", "and --exec are two ways; give one of them");
  add_signal(flags, certificate.hooks, report);
  add_exec(flags, certificate.hooks, report);
  if (auto complaints = report.sorted(""); !complaints.empty())
    return tl::unexpected<std::vector<Complaint>>(std::move(complaints));
  return settings;
}

}  // namespace certpivot::settings
