#pragma once

#include <optional>
#include <string>

#include <boost/json/object.hpp>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "crypto/address.hpp"

namespace certpivot::grpc_plugin {

/// The keys of a hook of type "grpc".
struct Settings {
  crypto::Address address = {};
  bool reload = true;                      ///< call certpivot.v1.CertificateReload
  std::optional<std::string> health = {};  ///< the service to ask about; empty: the whole server
  bool tls = false;                        ///< mTLS with the pair in force
  std::string anchors = {};                ///< PEM, or "system"; empty: the published bundle
  std::string server_name = {};            ///< in the server's certificate; empty: the address
  Duration deadline = std::chrono::seconds(8);  ///< for both calls together
};

/// `config` as the hook's table has it, typed as described. Errors: an address or a duration that
/// is none, plaintext to another host, nothing to do.
[[nodiscard]] Result<Settings> read_settings(boost::json::object const& config);

/// The keys with their types, as the answer to `describe` has them.
[[nodiscard]] boost::json::object describe_settings();

}  // namespace certpivot::grpc_plugin
