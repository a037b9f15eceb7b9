#include "source/read.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <string_view>
#include <utility>

#include "base/unique_fd.hpp"
#include "crypto/certificate.hpp"
#include "source/fault.hpp"
#include "source/file.hpp"
#include "source/names.hpp"

namespace certpivot::source {

namespace {

constexpr int most_reads = 6;

/// One look at every file, in names_of()'s order; an optional file that is not there is nothing.
struct Pass {
  std::vector<std::optional<Look>> looks = {};
  std::vector<Fault> faults = {};

  /// The name of every file that is another one in `other`.
  [[nodiscard]] std::vector<std::string> differences(Pass const& other,
                                                     std::vector<Name> const& names) const {
    std::vector<std::string> different;
    for (std::size_t at = 0; at < names.size(); ++at) {
      auto const& mine = looks[at];
      auto const& theirs = other.looks[at];
      bool const same = mine && theirs ? mine->same_as(*theirs) : !mine && !theirs;
      if (!same) different.push_back(names[at].path);
    }
    return different;
  }
};

void look(Pass& pass, int directory, Name const& name) {
  auto found = look_at(name.relative ? directory : AT_FDCWD, name);
  pass.looks.emplace_back();
  if (found)
    pass.looks.back() = std::move(*found);
  else if (name.required || found.error().kind != FaultKind::missing)
    pass.faults.push_back(std::move(found.error()));
}

Pass pass_over(settings::Source const& source, std::vector<Name> const& names) {
  Pass pass;
  bool const needed = std::any_of(names.begin(), names.end(), [](auto& n) { return n.relative; });
  UniqueFd const directory{
      needed ? ::open(source.directory.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC) : -1};
  bool const lost = needed && !directory.valid();
  // One sentence for the directory, instead of one for each file that cannot be in it.
  if (lost) pass.faults.push_back(fault_of(errno, absolute(source.directory)));
  for (auto const& name : names) {
    if (lost && name.relative)
      pass.looks.emplace_back();
    else
      look(pass, directory.get(), name);
  }
  return pass;
}

Snapshot snapshot_of(Pass pass, std::vector<Name> const& names) {
  Snapshot snapshot;
  std::vector<std::string_view> pieces;
  for (auto const& each : pass.looks)
    if (each) pieces.push_back(each->file.bytes.view());
  snapshot.digest = crypto::digest(pieces);
  for (std::size_t at = 0; at < names.size(); ++at) {
    if (!pass.looks[at]) continue;
    auto& file = pass.looks[at]->file;
    switch (names[at].role) {
      case Role::certificate:
        snapshot.certificate = std::move(file);
        break;
      case Role::key:
        snapshot.key = std::move(file);
        break;
      case Role::ca:
        snapshot.ca = std::move(file);
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

// Every pass opens the directory and every file anew. When two passes in a row agree, each file was
// the same at the moment between them, so that all of them stood there together then. Comparing the
// names' stamps alone would do for links that flip, but not for a file that is rewritten in place
// twice within one step of the kernel's clock.
tl::expected<Snapshot, std::vector<Fault>> read(settings::Source const& source) {
  auto const names = names_of(source);
  auto before = pass_over(source, names);
  std::vector<std::string> different;
  for (int reads = 2; reads <= most_reads; ++reads) {
    auto now = pass_over(source, names);
    different = before.differences(now, names);
    bool const settled = different.empty() && before.faults == now.faults;
    before = std::move(now);
    if (!settled) continue;
    if (!before.faults.empty()) return tl::unexpected<std::vector<Fault>>(std::move(before.faults));
    return snapshot_of(std::move(before), names);
  }
  std::vector<Fault> faults = std::move(before.faults);
  for (auto const& path : different) {
    bool const told = std::any_of(faults.begin(), faults.end(),
                                  [&](auto const& fault) { return fault.path == path; });
    if (!told) faults.push_back(changing(path, most_reads));
  }
  // Only an optional file's fault came and went.
  if (faults.empty()) faults.push_back(changing(names.back().path, most_reads));
  return tl::unexpected<std::vector<Fault>>(std::move(faults));
}

}  // namespace certpivot::source
