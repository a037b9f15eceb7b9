#pragma once

#include <optional>
#include <string>
#include <vector>

#include "settings/read.hpp"

namespace certpivot::settings {

/// What `check` takes instead of a file. Unlike those of `once`, paths may be relative to the
/// working directory: it runs at a prompt and in a pipeline, not as a service.
struct CheckFlags {
  // Where to look.
  std::string source = {};
  std::string certificate = {};
  std::string key = {};  ///< empty beside a certificate: that is a bundle
  std::string ca = {};
  std::string passphrase_file = {};
  // By what to judge: keys of [certificate.trust].
  std::string anchors = {};
  std::string purpose = {};
  std::vector<std::string> names = {};
  std::vector<std::string> crl = {};
  std::string revocation = {};
  std::string ocsp_url = {};
  std::string ocsp_mode = {};
  std::string ocsp_timeout = {};
  std::string min_remaining = {};
  std::string max_lifetime = {};
  std::string skew = {};
  std::vector<std::string> relax = {};  ///< given: instead of the default
  std::optional<unsigned> min_rsa_bits = {};
  std::optional<unsigned> min_ec_bits = {};
  // From when on it is worth a word, beside a file, too: keys of [expiry].
  std::string warning = {};
  std::string critical = {};

  /// Whether any but the last two is given.
  [[nodiscard]] bool ask_without_file() const;
  bool operator==(CheckFlags const&) const = default;
};

/// One certificate that is neither published nor hooked, named after what is looked at, or what is
/// wrong with the flags. Without any of source, certificate and key its source is empty: then what
/// a server serves is judged.
[[nodiscard]] Checked<Certificate> from_check_flags(CheckFlags const& flags);

/// `inherited` with the thresholds of the flags, where those are given.
[[nodiscard]] Checked<Expiry> expiry_from(CheckFlags const& flags, Expiry const& inherited);

}  // namespace certpivot::settings
