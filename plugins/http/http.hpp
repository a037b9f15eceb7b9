#pragma once

#include <memory>

#include "hook/registry.hpp"

namespace certpivot::plugins {

/// type = "http": reload() is one request, and a status in `expect` is its success. Redirects are
/// not followed: a 3xx that is not expected is a refusal that says where it pointed. Without `body`
/// the event goes out as JSON, except by GET and HEAD. With `hmac_file` the header
/// X-Hub-Signature-256 has "sha256=" and the HMAC-SHA-256 of the body in hex, as GitHub and WebSub
/// have it.
///
/// check() reads the files that it needs, and connects without a word.
[[nodiscard]] std::unique_ptr<hook::Hook> make_http_hook(settings::Hook const& settings,
                                                         hook::Tools const& tools);

}  // namespace certpivot::plugins
