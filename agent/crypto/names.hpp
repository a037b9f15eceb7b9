#pragma once

#include <string>
#include <vector>

struct x509_st;
struct X509_name_st;

/// Names as text that is safe to log and to send, and the comparison of names.
namespace certpivot::crypto {

/// RFC 2253 form, ASCII only: control characters and all beyond ASCII are escaped.
[[nodiscard]] std::string text_of(X509_name_st const* name);

/// The subjectAltName entries in their order, see CertificateFacts::names; bytes that are no
/// printable ASCII are escaped as \xNN. Kinds other than DNS, IP, URI and e-mail are left out.
[[nodiscard]] std::vector<std::string> alternative_names(x509_st const* certificate);

/// See Certificate::uris.
[[nodiscard]] std::vector<std::string> uris_of(x509_st const* certificate);

/// See Certificate::covers.
[[nodiscard]] bool covers_name(x509_st* certificate, std::string const& name);

}  // namespace certpivot::crypto
