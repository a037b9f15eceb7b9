#pragma once

#include <optional>
#include <string_view>

#include "crypto/decode_failure.hpp"

/// DER (ITU-T X.690) as far as its outermost elements tell one kind of file from another.
namespace certpivot::crypto {

/// One element: tag, length and content.
struct DerElement {
  int tag = 0;                    ///< V_ASN1_SEQUENCE, …; -1 for one that is no universal type
  bool constructed = false;       ///< its content is elements
  bool indefinite = false;        ///< BER: its content is all that follows, its end included
  std::string_view whole = {};    ///< tag and length included
  std::string_view content = {};  ///< within it
  std::string_view rest = {};     ///< what follows it
};
/// The first element of the bytes; nothing where they hold none, or end within it. PKCS#12 may be
/// BER, with elements of indefinite length (X.690 section 8.1.3.6).
[[nodiscard]] std::optional<DerElement> first_element(std::string_view bytes);

/// Whether a file begins as DER does: a SEQUENCE, and of a length that text does not spell.
[[nodiscard]] bool looks_like_der(std::string_view bytes);

enum class DerForm { certificate, private_key, encrypted_private_key, pkcs12 };
/// What a file is that looks like DER, without decoding it. Errors: it is cut off, more follows
/// behind it, or it is neither form.
[[nodiscard]] Decoded<DerForm> der_form(std::string_view bytes);

}  // namespace certpivot::crypto
