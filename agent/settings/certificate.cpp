#include <filesystem>
#include <map>

#include "settings/places.hpp"
#include "settings/rules.hpp"
#include "settings/sections.hpp"

namespace certpivot::settings {

namespace fs = std::filesystem;

namespace {

std::string at(Place const& place) {
  return place.file + ":" + std::to_string(place.line) + ":" + std::to_string(place.column);
}

/// The certificates whose publish directories were seen so far. The order of fs::path puts all that
/// lies below a directory right behind it, so one look each way finds every overlap.
using Published = std::map<fs::path, Placed const*>;

Placed const* overlapping(Published const& seen, fs::path const& directory) {
  for (fs::path above = directory;; above = above.parent_path()) {
    if (auto const found = seen.find(above); found != seen.end()) return found->second;
    if (above == above.parent_path()) break;
  }
  auto const below = seen.upper_bound(directory);
  return below != seen.end() && within(below->first, directory) ? below->second : nullptr;
}

/// CRLs lie outside of the source, and are watched like what is in it.
void check_crls(Table& table, Certificate& certificate) {
  Trust const& trust = certificate.trust;
  if (trust.revocation != Revocation::crl) return;
  certificate.source.also_watched = trust.crl_files;
  if (trust.crl_files.empty() && certificate.source.crl.empty())
    table.complain("revocation", "needs a CRL; name its file in 'crl_files' or in source.crl");
}

}  // namespace

Placed read_certificate(Table& table, Expiry const& inherited) {
  Placed placed;
  Certificate& certificate = placed.certificate;
  certificate.expiry = inherited;
  if (!table.text("name", certificate.name, certificate_name) && !table.has("name"))
    table.require("name");
  placed.name = table.place("name");

  table.within("source", [&](Table& source) { read_source(source, certificate.source); });
  if (!table.has("source")) table.require("source");
  table.within("trust", [&](Table& trust) {
    read_trust(trust, certificate.trust);
    check_crls(trust, certificate);
  });
  table.within("publish", [&](Table& publish) {
    read_publish(publish, certificate.publish.emplace());
    placed.publish = publish.place("directory");
    std::string const& directory = certificate.publish->directory;
    if (!is_absolute(directory)) return;
    if (auto const wrong = publish_conflict(directory, certificate.source); !wrong.empty())
      publish.complain("directory", wrong);
  });
  table.each("hook", [&](Table& hook) { read_hook(hook, certificate.hooks.emplace_back()); });
  table.each("probe", [&](Table& probe) { read_probe(probe, certificate.probes.emplace_back()); });
  table.within("expiry", [&](Table& expiry) { read_expiry(expiry, certificate.expiry); });
  return placed;
}

void check_together(std::vector<Placed> const& certificates, std::string const& state,
                    Report& report) {
  std::map<std::string_view, Placed const*> names;
  fs::path const journal = resolved(state);
  Published published;
  for (Placed const& placed : certificates) {
    Certificate const& certificate = placed.certificate;
    auto const [named, is_new] = names.emplace(certificate.name, &placed);
    if (!is_new && !certificate.name.empty())
      report.complain(placed.name, "certificate name " + in_quotes(certificate.name) +
                                       " is taken already, at " + at(named->second->name));

    if (!certificate.publish || !is_absolute(certificate.publish->directory)) continue;
    fs::path const target = resolved(certificate.publish->directory);
    if (auto const* const other = overlapping(published, target))
      report.complain(placed.publish,
                      "'certificate.publish.directory' overlaps that of certificate " +
                          in_quotes(other->certificate.name) + ", at " + at(other->publish) +
                          "; give each one of its own");
    if (within(target, journal) || within(journal, target))
      report.complain(placed.publish, "'certificate.publish.directory' overlaps agent.state, " +
                                          in_quotes(state) + "; give each one of its own");
    published.emplace(target, &placed);
  }
}

}  // namespace certpivot::settings
