#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "support/daemon.hpp"
#include "support/pki.hpp"
#include "support/sources.hpp"
#include "support/temp_directory.hpp"

namespace certpivot::testing {

/// What a contract test plays on: a directory with a source, a publish directory and a state
/// directory, an authority, and a configuration put together from its tables. A test changes the
/// tables that it is about, and leaves the rest.
class Scene {
 public:
  Scene();
  Scene(Scene const&) = delete;
  Scene& operator=(Scene const&) = delete;
  Scene(Scene&&) = delete;
  Scene& operator=(Scene&&) = delete;
  /// Nothing that ran may have printed a line of a key: checked here, for every test.
  ~Scene();

  TempDirectory directory = {};
  Authority authority = Authority();
  std::filesystem::path source = directory / "source";
  std::filesystem::path publish = directory / "publish";

  // The tables' bodies.
  std::string agent_keys = {};
  std::string source_keys;
  std::string trust_keys;
  std::string publish_keys;
  std::string hooks = {};   ///< whole [[certificate.hook]] tables
  std::string probes = {};  ///< whole [[certificate.probe]] tables
  std::string more = {};    ///< whatever else follows, as further certificates

  /// The configuration, written out; its path.
  std::string config() const;
  /// Starts the daemon on it, `under` as Daemon has it.
  Daemon& run(std::vector<std::string> under = {});
  /// Starts it with a hook that works, and brings a first pair into force.
  Pair first_in_force();
  /// Ends the running daemon, if any, by SIGTERM; its exit code.
  int stop();
  [[nodiscard]] Daemon& daemon() { return *daemon_; }

  /// Runs certpivot to its end.
  [[nodiscard]] Outcome command(std::vector<std::string> const& arguments,
                                std::vector<std::string> const& environment = {});
  /// Publishes `pair` as generation 1 without hooks, so that a server has something to start with.
  void publish_first(Pair const& pair);

  /// A pair below the authority; its key is remembered for the check at the end.
  [[nodiscard]] Pair issue(LeafOptions const& options = {});
  /// tls.crt, tls.key and ca.crt.
  [[nodiscard]] Contents contents(Pair const& pair) const;
  /// Written into the source by rename over.
  void offer(Pair const& pair) const;
  void offer_files(Contents const& contents) const;

  /// SHA-256 of the published leaf, empty for none.
  [[nodiscard]] std::string published() const;
  /// The number that `current` names, 0 for none.
  [[nodiscard]] unsigned generation() const;

 private:
  void remember(std::string const& output) { outputs_ += output; }

  std::vector<std::string> keys_ = {};
  std::string outputs_ = {};
  std::unique_ptr<Daemon> daemon_ = {};
};

/// Whether a line of the key stands anywhere in `output`.
[[nodiscard]] bool holds_key_bytes(std::string const& output, std::string const& key_pem);

/// An exec hook's table.
[[nodiscard]] std::string exec_hook(std::vector<std::string> const& command,
                                    std::string const& more = {});

}  // namespace certpivot::testing
