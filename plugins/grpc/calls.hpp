#pragma once

#include <memory>
#include <string>

#include <grpcpp/channel.h>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "plugins/grpc/question.hpp"
#include "plugins/grpc/settings.hpp"

namespace certpivot::grpc_plugin {

/// The calls to one process, all of them over by `end`.
struct Calls {
  std::shared_ptr<::grpc::Channel> channel;
  Settings const& settings;
  SteadyTime end;

  /// Whether somebody answers who can do what is asked of him later. Changes nothing. A process
  /// that is not serving at the moment is fine: a new certificate may be what it needs.
  [[nodiscard]] Result<void> check() const;
  /// The process takes the generation of the event; what it says about it, which may be nothing.
  /// Errors: it does not, or it serves another leaf.
  [[nodiscard]] Result<std::string> reload(Event const& event) const;
  /// Asks until the service is SERVING. Errors: it is not when the time is over; the process does
  /// not know the service, or nothing of health checking.
  [[nodiscard]] Result<void> wait_until_serving() const;
};

}  // namespace certpivot::grpc_plugin
