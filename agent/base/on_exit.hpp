#pragma once

#include <utility>

namespace certpivot {

/// Runs `undo` when the scope ends, unless dismissed.
template <class Undo>
class [[nodiscard]] OnExit {
 public:
  explicit OnExit(Undo undo) : undo_(std::move(undo)) {}
  OnExit(OnExit const&) = delete;
  OnExit& operator=(OnExit const&) = delete;
  OnExit(OnExit&&) = delete;
  OnExit& operator=(OnExit&&) = delete;
  ~OnExit() {
    if (armed_) undo_();
  }
  void dismiss() { armed_ = false; }

 private:
  Undo undo_;
  bool armed_ = true;
};

}  // namespace certpivot
