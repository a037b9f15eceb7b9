#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/units.hpp"
#include "log/log.hpp"

/// The configuration as values: what config/certpivot.toml says, typed and complete. Any folder may
/// include this header; only settings/ knows where the values came from. Keys that this build
/// refuses (see settings/read.hpp) have no member yet: they arrive with their function.
namespace certpivot::settings {

struct LogChoice {
  LogLevel level = LogLevel::info;
  LogFormat format = LogFormat::text;
  bool operator==(LogChoice const&) const = default;
};

struct Agent {
  std::string state = "/var/lib/certpivot";  ///< directory of the journal; empty: in memory
  LogChoice log = {};
  bool operator==(Agent const&) const = default;
};

/// Where somebody else writes. Either `bundle`, or `certificate` and `key`. Relative names are
/// taken below `directory`. The names of the way that isn't used are empty, and so is `ca` for
/// none.
struct Source {
  std::string directory = {};  ///< may be empty where all names are absolute
  std::string certificate = "tls.crt";
  std::string key = "tls.key";
  std::string bundle = {};  ///< key and chain in one PEM file; empty for none
  std::string ca = "ca.crt";
  /// False where `ca` is the default: then its absence is no fault.
  bool ca_required = false;
  Duration poll = std::chrono::seconds(60);
  Duration grace = std::chrono::seconds(2);
  bool operator==(Source const&) const = default;
};

enum class Purpose { server, client, both, any };
enum class KeyAccess { owner, group, any };

struct Trust {
  /// A file, "system", or empty: the source's ca where it is there, else the system's.
  std::string anchors = {};
  Purpose purpose = Purpose::server;
  std::vector<std::string> names = {};
  Threshold min_remaining = {};
  unsigned min_rsa_bits = 2048;
  unsigned min_ec_bits = 256;
  bool allow_older = false;
  KeyAccess key_access = KeyAccess::any;
  bool operator==(Trust const&) const = default;
};

struct Publish {
  std::string directory = {};
  std::optional<std::string> owner = {};  ///< user name or number; nothing: the daemon's own
  std::optional<std::string> group = {};
  Mode certificate_mode = {0644};
  Mode key_mode = {0640};
  unsigned keep = 5;  ///< generations kept, at least 2: the one in force and the one before it
  bool operator==(Publish const&) const = default;
};

enum class OnFailure { rollback, proceed };

/// One [[certificate.hook]]. `type` selects a built-in plugin; members of other types stay empty.
struct Hook {
  std::string type = {};
  Duration timeout = std::chrono::seconds(10);
  unsigned retries = 2;  ///< attempts after the first
  OnFailure on_failure = OnFailure::rollback;
  std::string signal = {};                ///< signal: "HUP", without SIG
  std::string pidfile = {};               ///< signal, nginx
  std::vector<std::string> command = {};  ///< exec
  std::string config = {};                ///< nginx
  std::string binary = {};                ///< nginx
  bool operator==(Hook const&) const = default;
};

/// One [[certificate.probe]].
struct Probe {
  std::string address = {};  ///< host:port, [v6]:port
  std::string server_name = {};
  bool present = false;  ///< offer the new pair as client certificate
  Duration timeout = std::chrono::seconds(10);
  unsigned handshakes = 3;
  bool operator==(Probe const&) const = default;
};

/// [expiry] or [certificate.expiry]: below which remaining validity a certificate is worth a word.
struct Expiry {
  Threshold warning = {std::chrono::hours(24 * 30), Share{33}};
  Threshold critical = {std::chrono::hours(24 * 7), Share{10}};
  bool operator==(Expiry const&) const = default;
};

struct Certificate {
  std::string name = {};
  Source source = {};
  Trust trust = {};
  std::optional<Publish> publish = {};
  std::vector<Hook> hooks = {};
  std::vector<Probe> probes = {};
  Expiry expiry = {};
  bool operator==(Certificate const&) const = default;
};

struct Settings {
  Agent agent = {};
  std::vector<Certificate> certificates = {};
};

}  // namespace certpivot::settings
