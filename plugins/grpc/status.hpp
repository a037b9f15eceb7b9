#pragma once

#include <string>

#include <grpcpp/support/status.h>

#include "base/result.hpp"
#include "plugins/grpc/settings.hpp"

namespace certpivot::grpc_plugin {

/// What a call has failed of, as a sentence with what to do. `what`: what could not be done;
/// `service`: what was called.
[[nodiscard]] Error in_words(::grpc::Status const& status, Settings const& settings,
                             std::string what, std::string const& service);

}  // namespace certpivot::grpc_plugin
