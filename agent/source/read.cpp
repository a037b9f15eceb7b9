#include "source/read.hpp"

#include <cerrno>
#include <fcntl.h>
#include <string_view>
#include <utility>

#include "base/unique_fd.hpp"
#include "crypto/library.hpp"
#include "source/fault.hpp"
#include "source/file.hpp"
#include "source/layout.hpp"
#include "source/names.hpp"

namespace certpivot::source {

namespace {

constexpr int most_readings = 3;  // of reading and confirming

/// What one name led to: nothing, where an optional file is not there.
using Found = tl::expected<std::optional<Look>, Fault>;

/// The directory of the relative names, where there are any.
struct Place {
  UniqueFd directory = {};
  std::optional<Fault> lost = {};
  [[nodiscard]] int of(Name const& name) const {
    return name.relative ? directory.get() : AT_FDCWD;
  }
};

/// One look at every file.
struct Pass {
  std::optional<Fault> lost = {};  ///< one sentence, instead of one for each file below it
  std::vector<Name> names = {};
  std::vector<Found> files = {};  ///< of the names, in their order

  [[nodiscard]] std::vector<Fault> faults() const {
    std::vector<Fault> faults;
    if (lost) faults.push_back(*lost);
    for (auto const& file : files)
      if (!file) faults.push_back(file.error());
    return faults;
  }
};

Place open_place(settings::Source const& source) {
  Place place;
  if (!needs_directory(source)) return place;
  place.directory.reset(::open(source.directory.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!place.directory.valid()) place.lost = fault_of(errno, absolute(source.directory));
  return place;
}

Found find(Place const& place, Name const& name) {
  if (place.lost && name.relative) return std::nullopt;
  auto look = look_at(place.of(name), name);
  if (look) return std::optional<Look>(std::move(*look));
  if (!name.required && look.error().kind == FaultKind::missing) return std::nullopt;
  return tl::unexpected<Fault>(std::move(look.error()));
}

Pass pass_over(settings::Source const& source) {
  Pass pass;
  auto const place = open_place(source);
  pass.lost = place.lost;
  pass.names = names_of(source, place.directory.get());
  pass.files.reserve(pass.names.size());
  for (auto const& name : pass.names) pass.files.push_back(find(place, name));
  return pass;
}

bool same(Found const& before, Place const& place, Name const& name) {
  if (before && *before) return is_unchanged(**before, place.of(name), name);
  auto const now = find(place, name);
  return before ? now && !*now : !now && now.error() == before.error();
}

bool is_of_pair(Role role) {
  return role == Role::certificate || role == Role::key || role == Role::bundle;
}

/// Whether all that is wrong with the pair is that it is not there. Where the directory may not be
/// entered, nobody can tell.
bool pair_is_missing(Pass const& pass) {
  for (std::size_t at = 0; at < pass.files.size(); ++at) {
    auto const& file = pass.files[at];
    if (is_of_pair(pass.names[at].role) && (file || file.error().kind != FaultKind::missing))
      return false;
  }
  return true;
}

/// Of a directory that holds no layout at all, one sentence about that instead of those about the
/// names that happen to come first.
std::vector<Fault> faults_of(Pass const& pass, settings::Source const& source) {
  if (pass.lost || !source.find_names || !pair_is_missing(pass)) return pass.faults();
  auto const place = open_place(source);
  if (place.lost || find_layout(place.directory.get(), source.directory).begun)
    return pass.faults();
  std::vector<Fault> faults{without_layout(source.directory, layouts_in_words(source.directory))};
  for (std::size_t at = 0; at < pass.files.size(); ++at)
    if (!pass.files[at] && !is_of_pair(pass.names[at].role))
      faults.push_back(pass.files[at].error());
  return faults;
}

/// The paths of what is not as it was in `pass`.
std::vector<std::string> changed_since(Pass const& pass, settings::Source const& source) {
  auto const place = open_place(source);
  if (place.lost != pass.lost) return {absolute(source.directory)};
  std::vector<std::string> changed;
  for (std::size_t at = 0; at < pass.files.size(); ++at)
    if (!same(pass.files[at], place, pass.names[at])) changed.push_back(pass.names[at].path);
  return changed;
}

/// Of a pass without faults.
Snapshot snapshot_of(Pass pass) {
  Snapshot snapshot;
  std::vector<std::string_view> pieces;
  for (auto const& found : pass.files)
    if (*found) pieces.push_back((*found)->file.bytes.view());
  snapshot.digest = crypto::digest(pieces);
  for (std::size_t at = 0; at < pass.names.size(); ++at) {
    if (pass.names[at].role == Role::ca) snapshot.ca_path = pass.names[at].path;
    if (pass.names[at].role == Role::crl) snapshot.crl_path = pass.names[at].path;
    auto& look = *pass.files[at];
    if (!look) continue;
    auto& file = look->file;
    switch (pass.names[at].role) {
      case Role::certificate:
        snapshot.certificate = std::move(file);
        break;
      case Role::key:
        snapshot.key = std::move(file);
        break;
      case Role::ca:
        snapshot.ca = std::move(file);
        break;
      case Role::crl:
        snapshot.crl = std::move(file);
        break;
      case Role::passphrase:
        snapshot.passphrase = std::move(file);
        break;
      case Role::bundle:
        snapshot.certificate = {file.facts, Secret::copy_of(file.bytes.bytes())};
        snapshot.key = std::move(file);
        break;
    }
  }
  return snapshot;
}

}  // namespace

// What is confirmed was so at the moment between the last byte read and the first one confirmed, so
// that all of it stood there together then. Comparing the names' stamps alone would do for links
// that flip, but not for a file that is rewritten in place twice within one step of the kernel's
// clock.
tl::expected<Snapshot, std::vector<Fault>> read(settings::Source const& source) {
  std::vector<std::string> changed;
  for (int round = 0; round < most_readings; ++round) {
    auto pass = pass_over(source);
    changed = changed_since(pass, source);
    if (!changed.empty()) continue;
    if (!pass.faults().empty()) return tl::unexpected(faults_of(pass, source));
    return snapshot_of(std::move(pass));
  }
  std::vector<Fault> faults;
  faults.reserve(changed.size());
  for (auto const& path : changed) faults.push_back(changing(path, 2 * most_readings));
  return tl::unexpected<std::vector<Fault>>(std::move(faults));
}

}  // namespace certpivot::source
