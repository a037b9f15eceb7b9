#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
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
  std::string state = "/var/lib/certpivot";        ///< directory of the journal; empty: in memory
  std::string plugins = "/usr/libexec/certpivot";  ///< directory of external plugins
  LogChoice log = {};
  bool operator==(Agent const&) const = default;
};

/// Where somebody else writes. Either `bundle`, or `certificate` and `key`; for `check` a
/// `certificate` alone. Relative names are
/// taken below `directory`. The names of the way that isn't used are empty, and so are `ca` and
/// `crl` for none.
struct Source {
  std::string directory = {};  ///< may be empty where all names are absolute
  std::string certificate = "tls.crt";
  std::string key = "tls.key";
  std::string bundle = {};  ///< key and chain in one file, PEM or PKCS#12; empty for none
  /// None of the three was given: the names are those that stand in the directory, by
  /// source/layout.hpp, and the defaults where it knows none of them.
  bool find_names = false;
  std::string ca = "ca.crt";
  /// False where `ca` is the default: then its absence is no fault.
  bool ca_required = false;
  std::string crl = {};
  std::string passphrase_file = {};  ///< of an encrypted key or PKCS#12; empty for none
  /// Absolute paths of what the verdict looks at besides: trust.crl_files.
  std::vector<std::string> also_watched = {};
  Duration poll = std::chrono::seconds(60);
  Duration grace = std::chrono::seconds(2);
  bool operator==(Source const&) const = default;
};

enum class Purpose { server, client, both, any };
enum class KeyAccess { owner, group, any };
enum class Revocation { off, crl, ocsp };
/// What an OCSP responder that gives no answer to rely on means: a refusal, or a warning.
enum class OcspMode { require, soft };
/// overlap: a new CA bundle must share an anchor with the one in force.
enum class CaRotation { overlap, any };

struct Trust {
  /// A file, "system", or empty: the source's ca where it is there, else the system's.
  std::string anchors = {};
  Purpose purpose = Purpose::server;
  std::vector<std::string> names = {};
  Threshold min_remaining = {};
  Duration max_lifetime = Duration::zero();  ///< from notBefore to notAfter; zero for any
  /// So far in the future notBefore may lie: then the snapshot waits for it instead of being
  /// refused.
  Duration skew = Duration::zero();
  unsigned min_rsa_bits = 2048;
  unsigned min_ec_bits = 256;
  /// Checks of X509_V_FLAG_X509_STRICT that warn instead of refusing: words of strict_checks.
  std::vector<std::string> relax = {"missing_authority_key_identifier",
                                    "missing_subject_key_identifier"};
  Revocation revocation = Revocation::off;
  std::vector<std::string> crl_files = {};
  std::string ocsp_url = {};  ///< of the responder; empty for the one that the certificate names
  OcspMode ocsp_mode = OcspMode::require;
  Duration ocsp_timeout = std::chrono::seconds(5);  ///< for all answers about one path
  CaRotation ca_rotation = CaRotation::overlap;
  bool allow_older = false;
  KeyAccess key_access = KeyAccess::any;
  bool operator==(Trust const&) const = default;
};

/// The words that trust.relax takes; see trust/rule/strict.cpp for what each stands for.
inline constexpr std::array<std::string_view, 14> strict_checks{
    "missing_authority_key_identifier",
    "missing_subject_key_identifier",
    "missing_key_usage",
    "cert_sign_of_no_authority",
    "missing_basic_constraints",
    "basic_constraints_not_critical",
    "path_length_of_no_authority",
    "path_length_without_cert_sign",
    "empty_issuer",
    "empty_subject",
    "empty_alternative_name",
    "alternative_name_not_critical",
    "signature_algorithm_mismatch",
    "extensions_need_version_3",
};

/// What an http hook's body may hold as {{placeholder}}; see plugins/http/body.cpp for their
/// values.
inline constexpr std::array<std::string_view, 15> http_placeholders{
    "event",    "time",    "certificate", "generation", "serial",    "fingerprint",
    "subject",  "issuer",  "names",       "not_before", "not_after", "certificate_file",
    "key_file", "ca_file", "json"};

/// [certificate.publish] pkcs12.
struct Pkcs12 {
  std::string file = {};             ///< its name in a generation
  std::string passphrase_file = {};  ///< empty for an empty passphrase
  std::string alias = "certpivot";   ///< the entry's friendly name
  bool legacy = false;               ///< algorithms that programs from before 2020 read
  bool operator==(Pkcs12 const&) const = default;
};

struct Publish {
  std::string directory = {};
  std::optional<std::string> owner = {};  ///< user name or number; nothing: the daemon's own
  std::optional<std::string> group = {};
  Mode certificate_mode = {0644};
  Mode key_mode = {0640};
  unsigned keep = 5;  ///< generations kept, at least 2: the one in force and the one before it
  Duration ca_grace = std::chrono::hours(24);  ///< so long the anchors before stay in ca.crt
  // Further files of a generation, by their names; empty for none.
  std::string combined = {};         ///< leaf, chain and key, PEM
  std::string fullchain = {};        ///< leaf and chain, PEM
  std::string chain = {};            ///< the chain without the leaf, PEM
  std::string certificate_der = {};  ///< the leaf
  std::string key_der = {};          ///< PKCS#8
  std::optional<Pkcs12> pkcs12 = {};
  bool operator==(Publish const&) const = default;
};

enum class OnFailure { rollback, proceed };

/// One [[certificate.hook]]. `type` selects a built-in plugin, whose own table is filled, or else
/// an external one.
struct Hook {
  std::string type = {};
  Duration timeout = std::chrono::seconds(10);
  unsigned retries = 2;  ///< attempts after the first
  OnFailure on_failure = OnFailure::rollback;
  std::string group = {};  ///< hooks of one group run once for all that changed; empty for none
  Duration min_interval = Duration::zero();  ///< between two runs of the hook, or of its group
  Duration splay = Duration::zero();         ///< a random wait before it, up to this
  std::string lock = {};                     ///< file whose flock(2) is held meanwhile

  /// By one of: a pidfile, a systemd unit's main process, an executable's name.
  struct Signal {
    std::string signal = {};  ///< "HUP", without SIG
    std::string pidfile = {};
    std::string unit = {};
    std::string process = {};
    bool operator==(Signal const&) const = default;
  };
  struct Exec {
    std::vector<std::string> command = {};
    bool operator==(Exec const&) const = default;
  };
  struct Nginx {
    std::string config = {};
    std::string pidfile = {};
    std::string binary = {};
    bool operator==(Nginx const&) const = default;
  };
  struct Haproxy {
    std::string socket = {};  ///< the stats socket, for the runtime API; empty: reload always
    std::string master_socket = {};  ///< for reloads; empty: the API alone
    std::string config = {};         ///< for the pre-check
    std::string binary = {};
    std::string certificate = {};  ///< its name in haproxy; empty: all that lead there
    bool operator==(Haproxy const&) const = default;
  };
  struct Systemd {
    enum class Action { reload, try_reload_or_restart, restart };
    std::string unit = {};
    Action action = Action::reload;
    bool operator==(Systemd const&) const = default;
  };
  struct Http {
    /// An inclusive range of status codes.
    struct Codes {
      unsigned least = 200;
      unsigned most = 299;
      bool operator==(Codes const&) const = default;
    };
    std::string url = {};  ///< http or https; http://unix:/path/of.sock:/request for a socket
    std::string method = "POST";
    std::vector<std::pair<std::string, std::string>> headers = {};
    std::optional<std::string> body = {};  ///< a template; nothing: the event as JSON
    std::vector<Codes> expect = {{}};
    std::string anchors = {};  ///< as Trust has them
    bool present = false;      ///< offer the pair in force as client certificate
    std::string hmac_file = {};
    bool operator==(Http const&) const = default;
  };
  /// Of an executable certpivot-<type>.
  struct External {
    std::string program = {};   ///< its path; empty for a built-in type
    std::string config = "{}";  ///< its own keys as one JSON object
    bool operator==(External const&) const = default;
  };

  Signal signal = {};
  Exec exec = {};
  Nginx nginx = {};
  Haproxy haproxy = {};
  Systemd systemd = {};
  Http http = {};
  External external = {};
  bool operator==(Hook const&) const = default;
};

/// What is said before TLS begins; see crypto/starttls.hpp.
enum class Starttls { none, postgres, smtp, imap, ldap, mysql };

/// One [[certificate.probe]].
struct Probe {
  std::string address = {};  ///< host:port, [v6]:port, unix:/path
  std::string server_name = {};
  Starttls starttls = Starttls::none;
  bool present = false;  ///< offer the new pair as client certificate
  Duration timeout = std::chrono::seconds(10);
  unsigned handshakes = 3;
  Duration interval = std::chrono::minutes(5);  ///< between two looks at what is served; 0: none
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
