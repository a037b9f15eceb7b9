#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"

namespace certpivot::crypto {

/// One PEM block (RFC 7468) of a text: its label, and where it stands, "-----BEGIN" to the end of
/// the line with "-----END", in bytes. Nothing is decoded yet.
struct PemBlock {
  std::string label = {};  ///< "CERTIFICATE", "PRIVATE KEY", "EC PRIVATE KEY", …
  std::size_t begin = 0;
  std::size_t size = 0;

  [[nodiscard]] bool is_certificate() const;
  /// Of any form, also such that cannot be read: encrypted, OpenSSH's.
  [[nodiscard]] bool is_private_key() const;
};

/// The blocks of a text in their order. Text between them is skipped, CRLF is accepted. Errors: a
/// block that begins and never ends, ends as something else, or ends without having begun; a
/// TRUSTED CERTIFICATE, OpenSSL's own form with settings of trust behind it, which all programs but
/// its own pass over.
[[nodiscard]] Result<std::vector<PemBlock>> pem_blocks(std::string_view text);

/// Those of its blocks that hold certificates, or private keys, as they stand there; errors like
/// the above.
[[nodiscard]] Result<std::vector<std::string_view>> certificate_blocks(std::string_view text);
[[nodiscard]] Result<std::vector<std::string_view>> private_key_blocks(std::string_view text);

/// Whether a line of it looks like the mark of a block that holds one. Also of such that PEM
/// readers do not see, an indented one for example, and of other programs: PGP's, ssh.com's, a
/// PKCS#12.
[[nodiscard]] bool mentions_private_key(std::string_view text);

/// Whether it has control characters as DER has them everywhere, tags and lengths, and no text.
[[nodiscard]] bool is_binary(std::string_view text);

/// Texts behind each other, each with the end of its last line.
[[nodiscard]] Secret lines_of(std::vector<std::string_view> const& texts);

/// DER as one PEM block under the label: the same text for the same bytes, and no copy left behind.
[[nodiscard]] Result<Secret> pem_of(std::string const& label, std::string_view der);

}  // namespace certpivot::crypto
