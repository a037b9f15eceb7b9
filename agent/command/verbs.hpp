#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "command/format.hpp"
#include "hook/registry.hpp"
#include "settings/check_flags.hpp"
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

/// A server whose chain is judged.
struct ConnectOptions {
  std::string address = {};  ///< host:port or unix:/path; empty for none
  std::string starttls = "none";
  std::string server_name = {};  ///< empty for the host
  std::string present_certificate = {};
  std::string present_key = {};
};

struct CheckOptions {
  std::string file = default_file;
  std::vector<std::string> certificates = {};  ///< names; empty for all
  settings::CheckFlags flags = {};             ///< what to judge without a configuration, and how
  ConnectOptions connect = {};
  std::optional<std::string> at = {};     ///< the time to judge for; nothing for now
  std::vector<std::string> explain = {};  ///< codes; not empty: nothing is judged
  Format format = Format::text;
};
/// Judges configuration and sources, a pair, a directory or what a server serves, and changes
/// nothing.
[[nodiscard]] int check(CheckOptions const& options, hook::Registry const& registry);

/// Tells what the codes of broken rules mean, each on a line of its own: `check --explain`.
[[nodiscard]] int explain(std::vector<std::string> const& words, Format format);

struct VersionOptions {
  std::string plugins = settings::Agent().plugins;  ///< the directory of the external ones
  Format format = Format::text;
};
[[nodiscard]] int version(VersionOptions const& options, hook::Registry const& registry);

/// Reads the command line and the environment, and calls the verb.
[[nodiscard]] int dispatch(int argc, char const* const* argv, hook::Registry const& registry);

}  // namespace certpivot::command
