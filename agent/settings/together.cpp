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

/// The first hook of each group, with its certificate.
using Grouped = std::map<std::string_view, std::pair<Placed const*, std::size_t>>;

void check_groups(Placed const& placed, Grouped& groups, Report& report) {
  auto const& hooks = placed.certificate.hooks;
  for (std::size_t i = 0; i < hooks.size(); ++i) {
    if (hooks[i].group.empty()) continue;
    auto const [known, is_new] = groups.try_emplace(hooks[i].group, &placed, i);
    if (is_new) continue;
    auto const& [other, number] = known->second;
    std::string const name = "'certificate.hook.group' " + in_quotes(hooks[i].group);
    if (other == &placed)
      report.complain(placed.hooks[i].group,
                      name + " has another hook of this certificate already, at " +
                          at(other->hooks[number].group));
    else if (!(other->certificate.hooks[number] == hooks[i]))
      report.complain(placed.hooks[i].group,
                      name + " has another hook, at " + at(other->hooks[number].group) +
                          "; one of a group runs for all, so give both the same keys");
  }
}

}  // namespace

void check_together(std::vector<Placed> const& certificates, std::string const& state,
                    Report& report) {
  std::map<std::string_view, Placed const*> names;
  fs::path const journal = resolved(state);
  Published published;
  Grouped groups;
  for (Placed const& placed : certificates) {
    Certificate const& certificate = placed.certificate;
    auto const [named, is_new] = names.emplace(certificate.name, &placed);
    if (!is_new && !certificate.name.empty())
      report.complain(placed.name, "certificate name " + in_quotes(certificate.name) +
                                       " is taken already, at " + at(named->second->name));

    check_groups(placed, groups, report);
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
