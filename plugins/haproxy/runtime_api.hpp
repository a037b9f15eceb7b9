#pragma once

#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "event/event.hpp"
#include "hook/registry.hpp"
#include "loop/task.hpp"
#include "loop/timer.hpp"
#include "plugins/haproxy/plan.hpp"

namespace certpivot::plugins {

/// Why a pair did not come in by the API.
struct ApiFailure {
  Error error = {};
  bool refused = false;  ///< haproxy does not want the pair: a reload would not change its mind
};
using ApiResult = tl::expected<void, ApiFailure>;

/// haproxy's runtime API on its stats socket: a pair is exchanged in memory, within milliseconds,
/// and no connection notices. The API is never used for a CA: after a `commit ssl ca-file`,
/// haproxy 2.6 takes no certificate any more and says "Success!", and crashes later (issue #3165).
class RuntimeApi {
 public:
  /// `certificate` is its name in haproxy, empty for all that lead into the generation.
  RuntimeApi(std::string socket, std::string certificate, hook::Tools const& tools)
      : socket_(std::move(socket)), certificate_(std::move(certificate)), tools_(tools) {}

  /// It answers, we may change certificates (level admin), and it has loaded ours. Changes nothing.
  [[nodiscard]] Task<Result<void>> check(event::Paths const& paths);

  /// Makes haproxy serve the pair at `paths`, and looks that it has it. Before it starts, haproxy's
  /// CA files from the same generation must be what is on the disk.
  [[nodiscard]] Task<ApiResult> replace(event::Paths const& paths, SteadyTime deadline);

 private:
  Task<Result<std::string>> question(std::string command);
  Task<Result<std::vector<std::string>>> names_of(std::string command);
  Task<Result<Plan>> plan(event::Paths const& paths);
  Task<Result<void>> compare_bundles(Plan const& plan);
  Task<Result<void>> clear_the_way();
  Task<ApiResult> replace_one(Plan::Replacement const& one);
  Task<Result<void>> verify(std::string name, std::string leaf);

  std::string socket_;
  std::string certificate_;
  hook::Tools tools_;
  LoopTimer timer_ = {};
  SteadyTime deadline_ = SteadyTime::max();
};

}  // namespace certpivot::plugins
