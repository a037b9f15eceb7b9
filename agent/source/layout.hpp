#pragma once

#include <string>
#include <vector>

#include "settings/settings.hpp"

namespace certpivot::source {

/// The names by which a program that writes certificates knows its files. Either `bundle`, or
/// `certificate` and `key`.
struct Layout {
  std::string writer = {};  ///< in the possessive: "certbot's"
  std::string certificate = {};
  std::string key = {};
  std::string bundle = {};
  /// Of the bundle that peers are verified with: the first that is there counts. Optional always.
  std::vector<std::string> ca = {};

  /// The files that make it complete.
  [[nodiscard]] std::vector<std::string> required() const;
  bool operator==(Layout const&) const = default;
};

/// What settings::Source names, as a layout without a writer.
[[nodiscard]] Layout configured_layout(settings::Source const& source);

/// Those that are known, in the order in which they are tried. `directory` is the source's path:
/// the last one is named after it.
///
///     tls.crt, tls.key, ca.crt                      Kubernetes TLS Secrets, cert-manager
///     tls.crt, key.der, ca.crt                      the same with cert-manager's DER key
///     tls-combined.pem, ca.crt                      the same with cert-manager's CombinedPEM
///     fullchain.pem, privkey.pem                    certbot (its chain.pem is no bundle for peers)
///     svid.pem, svid_key.pem, svid_bundle.pem       spiffe-helper
///     certificate, private_key, issuing_ca or ca_chain     Vault's fields; also with .pem each, or
///                                                   .crt and, for the key, .key
///     credentialbundle.pem or credentials.pem, ca.crt      Kubernetes pod certificates
///     <name>.pem, <name>-key.pem, ca.pem            pqcert, mkcert, cfssl; <name> is the
///     directory's
[[nodiscard]] std::vector<Layout> known_layouts(std::string const& directory);

/// A layout and what of it is there.
struct FoundLayout {
  Layout layout = {};
  bool complete = false;
  bool begun = false;  ///< a file of it is there, or a link to one
};

/// The files of known_layouts() for a sentence: "tls.crt and tls.key, tls-combined.pem, …".
[[nodiscard]] std::string layouts_in_words(std::string const& directory);

/// Of known_layouts() the first that is complete below the opened `directory`; else the first of
/// which a file is there, so that the fault names the one that is missing; else the first. Costs
/// two look-ups where the first layout is there. Blocks.
[[nodiscard]] FoundLayout find_layout(int directory, std::string const& path);

/// With the one name of a CA bundle that counts: the first that is there, else the first.
[[nodiscard]] Layout with_present_ca(int directory, Layout layout);

/// All complete ones, in their order. For `check`.
[[nodiscard]] std::vector<Layout> complete_layouts(settings::Source const& source);

}  // namespace certpivot::source
