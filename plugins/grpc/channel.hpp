#pragma once

#include <memory>

#include <grpcpp/channel.h>

#include "base/result.hpp"
#include "plugins/grpc/question.hpp"
#include "plugins/grpc/settings.hpp"

namespace certpivot::grpc_plugin {

/// Where the calls go: in plain text over a Unix socket or loopback, or by mTLS with the pair at
/// `paths`. Connects at the first call. Errors: a file of that pair or the anchors cannot be read.
[[nodiscard]] Result<std::shared_ptr<::grpc::Channel>> make_channel(Settings const& settings,
                                                                    Event::Paths const& paths);

}  // namespace certpivot::grpc_plugin
