#pragma once

#include <string>
#include <string_view>

#include <boost/json.hpp>

#include "support/program.hpp"

namespace certpivot::testing {

/// What `certpivot check --format json` says of the first certificate.
[[nodiscard]] boost::json::object report_of(Outcome const& outcome);

/// The text under a key of it; empty where it is not there.
[[nodiscard]] std::string text_of(boost::json::object const& report, std::string_view key);

}  // namespace certpivot::testing
