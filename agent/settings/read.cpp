#include "settings/read.hpp"

#include "settings/document.hpp"
#include "settings/include.hpp"
#include "settings/sections.hpp"

namespace certpivot::settings {

namespace {

void read_tables(Table& root, Expiry const& inherited, std::vector<Placed>& certificates) {
  root.each("certificate",
            [&](Table& table) { certificates.push_back(read_certificate(table, inherited)); });
  root.each("alert", read_alert);
}

void read_included(std::string const& path, Expiry const& inherited,
                   std::vector<Placed>& certificates, Report& report) {
  auto const text = load(path, report);
  if (!text) return;
  auto const values = parse(*text, path, report);
  if (!values) return;
  Table root(*values, "", path, report);
  read_tables(root, inherited, certificates);
  for (std::string_view const key : {"agent", "expiry"})
    root.reject(key, "'" + std::string(key) + "' belongs into the main file, not an included one");
  root.finish();
}

Checked<Settings> outcome(Settings settings, Report const& report, std::string const& path) {
  if (auto complaints = report.sorted(path); !complaints.empty())
    return tl::unexpected<std::vector<Complaint>>(std::move(complaints));
  return settings;
}

}  // namespace

Settings read_text(std::string const& text, std::string const& path, Report& report) {
  Settings settings;
  auto const values = parse(text, path, report);
  if (!values) return settings;
  Table root(*values, "", path, report);
  std::vector<std::string> include{"conf.d/*.toml"};
  Place include_place = root.place();
  root.within("agent", [&](Table& table) {
    read_agent(table, settings.agent, include);
    include_place = table.place("include");
  });
  Expiry expiry;
  root.within("expiry", [&expiry](Table& table) { read_expiry(table, expiry); });
  std::vector<Placed> certificates;
  std::size_t const before = report.count();
  read_tables(root, expiry, certificates);
  for (std::string const& file : included(include, path, include_place, report))
    read_included(file, expiry, certificates, report);
  // Certificates that were given but could not be read have complaints of their own.
  if (certificates.empty() && report.count() == before)
    report.complain({path, 0, 0}, "no certificate to manage; add a [[certificate]]");
  root.finish();
  find_plugins(certificates, settings.agent.plugins, report);
  check_together(certificates, settings.agent.state, report);
  for (Placed& placed : certificates)
    settings.certificates.push_back(std::move(placed.certificate));
  return settings;
}

Checked<Settings> read_text(std::string const& text, std::string const& path) {
  Report report;
  Settings settings = read_text(text, path, report);
  return outcome(std::move(settings), report, path);
}

Checked<Settings> read(std::string const& path) {
  Report report;
  Settings settings;
  if (auto const text = load(path, report)) settings = read_text(*text, path, report);
  return outcome(std::move(settings), report, path);
}

}  // namespace certpivot::settings
