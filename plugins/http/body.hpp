#pragma once

#include <string>
#include <string_view>

#include "event/event.hpp"

namespace certpivot::plugins {

/// The template of a request's body with the event's values in the place of its {{placeholders}},
/// which are those of settings::http_placeholders. In a body of JSON (application/json, …+json)
/// each value is escaped to stand within quotes, in a form (application/x-www-form-urlencoded)
/// encoded, elsewhere left as it is; what the event does not have is empty.
[[nodiscard]] std::string fill_body(std::string_view text, std::string_view content_type,
                                    event::Event const& event);

}  // namespace certpivot::plugins
