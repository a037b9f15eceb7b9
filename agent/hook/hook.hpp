#pragma once

#include <string>

#include "base/result.hpp"
#include "event/event.hpp"
#include "loop/task.hpp"

namespace certpivot::hook {

/// What makes a server pick the current generation up: the seam to servers. A hook gets values only
/// and never sees key bytes; the paths in the event are all it learns.
class Hook {
 public:
  virtual ~Hook() = default;

  /// For logs and events: "nginx", "exec /usr/bin/reload".
  [[nodiscard]] virtual std::string name() const = 0;

  /// Before the pivot: could a reload work at all? Must change nothing. The server still reads the
  /// generation in force.
  [[nodiscard]] virtual Task<Result<void>> check(event::Event const& event) = 0;

  /// After the pivot: make the server read the current generation. An error says what the server
  /// said. Must be harmless when done twice.
  [[nodiscard]] virtual Task<Result<void>> reload(event::Event const& event) = 0;
};

}  // namespace certpivot::hook
