#pragma once

#include <optional>

#include "base/clock.hpp"

struct asn1_string_st;
struct x509_st;

namespace certpivot::crypto {

/// A UTCTime or GeneralizedTime (RFC 5280 section 4.1.2.5) as wall time; nothing where it is
/// neither.
[[nodiscard]] std::optional<WallTime> wall_time(asn1_string_st const* time);

/// Both ends of the validity period can be told. OpenSSL decodes certificates of which they cannot.
[[nodiscard]] bool has_readable_validity(x509_st const* certificate);

}  // namespace certpivot::crypto
