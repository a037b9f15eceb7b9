#pragma once

#include <filesystem>
#include <string>

#include "support/scene.hpp"
#include "support/temp_directory.hpp"

namespace certpivot::testing {

/// A directory of plugins with certpivot-grpc in it, below `directory`; its path.
std::filesystem::path install_grpc_plugin(TempDirectory const& directory);

/// A hook of type "grpc" for the scene, with these keys, and the plugin installed for it.
void use_grpc_hook(Scene& scene, std::string const& keys);

/// What certpivot-grpc answers to one question, and what else it says: `config` and `event` are
/// JSON objects.
[[nodiscard]] std::string ask_grpc_plugin(std::string const& action, std::string const& config,
                                          std::string const& event = "{}");

}  // namespace certpivot::testing
