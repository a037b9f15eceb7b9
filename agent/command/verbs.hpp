#pragma once

#include <string>
#include <vector>

#include "base/clock.hpp"
#include "command/format.hpp"
#include "hook/registry.hpp"
#include "settings/flags.hpp"

/// One function a verb of the contract, each in a file of its name; the answer is the exit code.
namespace certpivot::command {

inline constexpr char const* default_file = "/etc/certpivot/certpivot.toml";

struct RunOptions {
  std::string file = default_file;
};
/// The daemon, in the foreground.
[[nodiscard]] int run(RunOptions const& options, hook::Registry const& registry);

struct OnceOptions {
  std::string file = {};  ///< or the flags
  settings::Flags flags = {};
  Duration timeout = std::chrono::seconds(10);
};
/// One pass: publish what the sources hold, run the hooks, leave.
[[nodiscard]] int once(OnceOptions const& options, hook::Registry const& registry);

struct CheckOptions {
  std::string file = default_file;
  std::vector<std::string> certificates = {};  ///< names; empty for all
  settings::Flags flags = {};                  ///< a pair without a configuration
  std::string purpose = "server";
  std::vector<std::string> names = {};
  Format format = Format::text;
};
/// Judges configuration and sources now, and changes nothing.
[[nodiscard]] int check(CheckOptions const& options, hook::Registry const& registry);

struct VersionOptions {
  Format format = Format::text;
};
[[nodiscard]] int version(VersionOptions const& options, hook::Registry const& registry);

/// Reads the command line and the environment, and calls the verb.
[[nodiscard]] int dispatch(int argc, char const* const* argv, hook::Registry const& registry);

}  // namespace certpivot::command
