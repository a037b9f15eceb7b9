#include "support/script.hpp"

#include <algorithm>
#include <utility>

namespace certpivot::testing {

void Script::fail_at(std::size_t call) {
  std::scoped_lock const alone(mutex_);
  failing_call_ = made_ + call;
}

void Script::fail_at(std::string name) {
  std::scoped_lock const alone(mutex_);
  failing_names_.push_back(std::move(name));
}

void Script::crash_before(std::size_t call) {
  std::scoped_lock const alone(mutex_);
  crash_before_ = made_ + call;
}

void Script::crash_after(std::size_t call) {
  std::scoped_lock const alone(mutex_);
  crash_after_ = made_ + call;
}

void Script::reopen() {
  std::scoped_lock const alone(mutex_);
  dead_ = false;
  failing_call_ = crash_before_ = crash_after_ = std::nullopt;
  failing_names_.clear();
}

std::vector<std::string> Script::calls() const {
  std::scoped_lock const alone(mutex_);
  return calls_;
}

void Script::forget_calls() {
  std::scoped_lock const alone(mutex_);
  calls_.clear();
}

Result<void> Script::enter(std::string const& call) {
  std::scoped_lock const alone(mutex_);
  ++made_;
  if (crash_before_ == made_) dead_ = true;
  if (dead_) throw Crash();
  calls_.push_back(call);
  bool const named = std::any_of(failing_names_.begin(), failing_names_.end(),
                                 [&](std::string const& name) { return call.starts_with(name); });
  if (named || failing_call_ == made_) return fail("the test's plan fails", call);
  return {};
}

void Script::leave() {
  std::scoped_lock const alone(mutex_);
  if (crash_after_ == made_) dead_ = true;
  if (dead_) throw Crash();
}

}  // namespace certpivot::testing
