#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>

#include "support/port.hpp"
#include "support/temp_directory.hpp"
#include "support/tls_look.hpp"

namespace certpivot::testing {

/// A server for a recipe of config/examples, and what its clients must see.
struct RecipeServer {
  /// Where it takes place.
  struct Stage {
    TempDirectory root = {};  ///< instead of "/", for all that the recipe names in /etc, /mnt, /run
    std::string recipe = {};  ///< its text, with the paths below root
    int port = free_port();   ///< the server's

    [[nodiscard]] std::string path(std::string const& of) const { return root.string() + of; }
  };

  std::string recipe = {};                ///< its file
  std::string certificate = "web";        ///< the name of its certificate
  std::string address = "127.0.0.1:443";  ///< where its probe looks
  /// Before the first pair: keeps the recipe from a server of this machine's own.
  std::function<void(Stage& stage)> prepare = [](Stage&) {};
  /// Starts the server at the stage's port, or says which other one it has; puts the server's own
  /// places into the recipe where they are others. What it returns ends the server.
  std::function<std::shared_ptr<void>(Stage& stage)> start = {};
  Talk talk = {};
  std::string served = "200";             ///< the status of a good answer
  std::string refused = {};               ///< what one gets who shows a certificate of another CA
  std::set<std::string> own_losses = {};  ///< failures that the server is known for, as Look says
};

}  // namespace certpivot::testing
