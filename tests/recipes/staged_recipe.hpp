#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "recipes/recipe_server.hpp"
#include "support/daemon.hpp"
#include "support/pki.hpp"
#include "support/sources.hpp"

namespace certpivot::testing {

/// A recipe on its stage, as written but for ports and places: its first pair published as its
/// comment says, its server running. Throws where that does not come about.
class StagedRecipe {
 public:
  explicit StagedRecipe(RecipeServer server);

  /// certpivot on the recipe, once its first pass is over. `more` is added to the recipe.
  [[nodiscard]] Daemon& run();
  void write_config(std::string const& more = {}) const;

  /// A pair with the names that the recipe wants; all of them are remembered.
  [[nodiscard]] Pair issue(Authority const& authority);
  [[nodiscard]] std::vector<Pair> const& issued() const { return issued_; }
  /// Into the source, as a Secret that is mounted.
  void offer(Pair const& pair, std::string const& bundle);
  /// A client with this certificate, who trusts both authorities.
  [[nodiscard]] Look look(Pair const& client) const;

  [[nodiscard]] RecipeServer const& server() const { return server_; }
  [[nodiscard]] RecipeServer::Stage const& stage() const { return stage_; }
  [[nodiscard]] std::filesystem::path const& published() const { return published_; }
  [[nodiscard]] std::string const& config() const { return config_; }
  [[nodiscard]] Authority const& a() const { return a_; }
  [[nodiscard]] Authority const& b() const { return b_; }
  /// Below a, and in force at the beginning with a alone as the CA bundle.
  [[nodiscard]] Pair const& first() const { return first_; }

 private:
  void place_first_pair();

  RecipeServer server_;
  RecipeServer::Stage stage_ = {};
  std::filesystem::path published_ = stage_.path("/run/certs/" + server_.certificate);
  AtomicWriter source_{stage_.path("/mnt/certs/" + server_.certificate)};
  std::string config_ = stage_.path("/etc/certpivot/certpivot.toml");
  Authority a_ = Authority({.common_name = "A"});
  Authority b_ = Authority({.common_name = "B"});
  std::vector<Pair> issued_ = {};
  Pair first_ = {};
  std::shared_ptr<void> running_ = {};
  std::optional<Daemon> daemon_ = {};
};

}  // namespace certpivot::testing
