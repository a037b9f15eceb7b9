#pragma once

#include <string>
#include <vector>

#include "publish/formats.hpp"
#include "publish/opened.hpp"
#include "publish/owner.hpp"
#include "settings/settings.hpp"

/// What Target's calls do on a real directory, one file each. Private to publish/.
namespace certpivot::publish {

/// prepare.cpp: makes `path` (0755, parents too) where it is missing.
[[nodiscard]] Result<void> make_root(std::string const& path);

/// prepare.cpp: makes `path` and generations/ (0755, parents too) where they are missing, refuses
/// foreign files, and removes what a crash left behind. Nothing is removed where anything is
/// refused.
[[nodiscard]] Result<void> prepare_directory(std::string const& path);

/// prepare.cpp: the refusal alone; nothing is made or removed. A directory that is not there is
/// fine.
[[nodiscard]] Result<void> inspect_directory(std::string const& path);

/// How the files of a generation are made.
struct Access {
  Owner owner = {};
  std::string owner_text = {};
  Mode certificate_mode = {};
  Mode key_mode = {};
};
/// stage.cpp
[[nodiscard]] Result<void> stage_generation(Opened const& opened, Number number,
                                            Content const& content,
                                            std::vector<ExtraFile> const& extras,
                                            Access const& access);

/// pivot.cpp. A pivot that fails has put the links back. Links with fixed names are made before the
/// rename, so that it is the last thing that can fail, except that those to files which the
/// generation lacks go after it.
[[nodiscard]] Result<void> pivot_to(Opened const& opened, Number number);

/// debt.cpp
[[nodiscard]] Result<void> note_debt(Opened const& opened, bool owed);

/// load.cpp
[[nodiscard]] Result<StoredContent> load_generation(Opened const& opened, Number number);

/// keep.cpp
[[nodiscard]] Result<void> discard_generation(Opened const& opened, Number number);
[[nodiscard]] Result<void> prune_generations(Opened const& opened, unsigned keep, Number also);

}  // namespace certpivot::publish
