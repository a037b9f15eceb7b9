#include "rollout/step.hpp"

namespace certpivot::rollout {

namespace {

constexpr std::array<std::string_view, step_count> names{
    "stage", "check", "pivot", "hook", "probe", "commit", "restore", "rehook", "reprobe"};

// The table is read by index: each row must stand at its step's place.
constexpr bool rows_stand_in_order() {
  for (std::size_t i = 0; i < step_count; ++i)
    if (table::rows.at(i).step != static_cast<Step>(i)) return false;
  return true;
}
static_assert(rows_stand_in_order());

}  // namespace

std::string_view name(Step step) { return names.at(static_cast<std::size_t>(step)); }

std::optional<Step> step_named(std::string_view name) {
  for (std::size_t i = 0; i < step_count; ++i)
    if (names.at(i) == name) return static_cast<Step>(i);
  return std::nullopt;
}

std::string_view name(Ending ending) {
  switch (ending) {
    case Ending::committed:
      return "committed";
    case Ending::abandoned:
      return "abandoned";
    case Ending::rolled_back:
      return "rolled_back";
    case Ending::failed:
      break;
  }
  return "failed";
}

}  // namespace certpivot::rollout
