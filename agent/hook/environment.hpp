#pragma once

#include <string>
#include <utility>
#include <vector>

#include "event/event.hpp"

namespace certpivot::hook {

/// What exec hooks and plugins get in their environment beside the event on standard input:
/// CERTPIVOT_EVENT, CERTPIVOT_CERTIFICATE_FILE and the others of the contract's chapter on events.
/// Empty where the event does not say it.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> environment_of(
    event::Event const& event);

}  // namespace certpivot::hook
