#pragma once

#include <vector>

#include "event/event.hpp"
#include "hook/group.hpp"
#include "loop/task.hpp"
#include "rollout/parts.hpp"

namespace certpivot::rollout {

/// One rollout's way through the hooks of its certificate, in the order written. While it has not
/// come to a hook, the others of the hook's group wait for it.
class HookRound {
 public:
  /// Both must outlive it.
  HookRound(World const& world, Parts& parts) : world_(world), parts_(parts) {}

  void set_out();
  /// It comes to no hook any more that it has not come to yet.
  void leave() { on_the_way_.clear(); }

  /// Before the pivot: the first refusal by a hook whose failure would roll back.
  [[nodiscard]] Task<Result<void>> check(event::Event const& about) const;
  /// The first failure of a hook that rolls back; others are told and passed over.
  [[nodiscard]] Task<Result<void>> run(event::Event about, hook::Group::Stake stake);

 private:
  World const& world_;
  Parts& parts_;
  std::vector<hook::Group::OnTheWay> on_the_way_ = {};  ///< to each hook
};

}  // namespace certpivot::rollout
