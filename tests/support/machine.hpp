#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "support/program.hpp"
#include "support/temp_directory.hpp"

namespace certpivot::testing {

/// A machine whose init is a real systemd with a real system bus: systemd-nspawn on this host's own
/// files, over which it writes in memory. Its network is the host's, and of /tmp it sees one
/// directory. It ends with its owner, or with the test, and leaves neither mounts nor cgroups.
class Machine {
 public:
  /// Whether there can be one here; says why not.
  [[nodiscard]] static bool possible();

  /// Boots it with these unit files, by their names, and waits until its systemd answers. `shared`
  /// is the directory that both see, the binary under test is there too.
  Machine(std::map<std::string, std::string> const& units, std::filesystem::path const& shared);
  Machine(Machine const&) = delete;
  Machine& operator=(Machine const&) = delete;
  Machine(Machine&&) = delete;
  Machine& operator=(Machine&&) = delete;
  ~Machine();

  /// Runs a program in it to its end.
  [[nodiscard]] Outcome run(std::vector<std::string> const& words) const;

 private:
  [[nodiscard]] bool is_up() const;

  TempDirectory directory_ = {};
  std::string cgroup_ = {};  ///< its name in every hierarchy
  std::unique_ptr<Program> nspawn_ = {};
};

}  // namespace certpivot::testing
