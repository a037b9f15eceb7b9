#pragma once

#include <array>
#include <optional>
#include <string_view>

/// The way of one generation, as a table: the driver, the recovery after a crash and the crash
/// tests all read this one.
namespace certpivot::rollout {

/// The contract's sentence, read from top to bottom; then the way back.
enum class Step {
  stage,    ///< write generations/<n>/, flushed
  check,    ///< the pre-check of every hook
  pivot,    ///< make it current
  hook,     ///< the hooks, in the order written
  probe,    ///< the handshakes that prove it
  commit,   ///< write down that it is in force
  restore,  ///< make a fresh copy of the previous generation current
  rehook,   ///< the hooks again
  reprobe,  ///< prove the previous one again
};
inline constexpr std::size_t step_count = 9;

/// Whether the step is written down by itself before it is taken. The others change nothing (a
/// check, a handshake), or are hooks: those are owed from the record of the pivot, or of the way
/// back, on, and recovery runs them wherever it finds that record, so that writing them down once
/// more would only delay them.
[[nodiscard]] constexpr bool is_recorded(Step step) {
  return step == Step::stage || step == Step::pivot || step == Step::restore;
}

enum class Outcome { done, failed };
inline constexpr std::size_t outcome_count = 2;

/// How a rollout ends.
enum class Ending {
  committed,    ///< in force, and proved where there is a probe
  abandoned,    ///< failed before the pivot: the generation in force was not touched
  rolled_back,  ///< the previous content is in force again
  failed,       ///< after the pivot, with nothing to go back to: in force, its hooks owed
};

/// What comes after a step: another step, or the end.
struct Next {
  std::optional<Step> step = {};
  Ending ending = Ending::committed;
};

namespace table {
constexpr Next go(Step step) { return {step, {}}; }
constexpr Next end(Ending ending) { return {std::nullopt, ending}; }

struct Row {
  Step step = Step::stage;
  Next done = {};
  Next failed = {};
};
constexpr std::array<Row, step_count> rows{{
    // step          done                       failed
    {Step::stage, go(Step::check), end(Ending::abandoned)},
    {Step::check, go(Step::pivot), end(Ending::abandoned)},
    {Step::pivot, go(Step::hook),
     go(Step::restore)},  // a rename whose flush failed may have happened
    {Step::hook, go(Step::probe), go(Step::restore)},
    {Step::probe, go(Step::commit), go(Step::restore)},
    {Step::commit, end(Ending::committed), end(Ending::committed)},
    {Step::restore, go(Step::rehook), end(Ending::failed)},
    {Step::rehook, go(Step::reprobe), end(Ending::rolled_back)},
    {Step::reprobe, end(Ending::rolled_back), end(Ending::rolled_back)},
}};
}  // namespace table

[[nodiscard]] constexpr Next next(Step step, Outcome outcome) {
  table::Row const& row = table::rows.at(static_cast<std::size_t>(step));
  return outcome == Outcome::done ? row.done : row.failed;
}

/// Where a rollout goes on that a crash interrupted when it was about to take, or was taking,
/// `step`. `pivoted`: its generation is the current one. Nothing: it never came into force, so it
/// is undone by discarding what was staged, and the source is read anew.
[[nodiscard]] constexpr std::optional<Step> resume(Step step, bool pivoted) {
  switch (step) {
    case Step::stage:
    case Step::check:
      return std::nullopt;
    case Step::pivot:
    case Step::hook:
    case Step::probe:
      // Hooks run at least once for the generation in force; twice does no harm.
      return pivoted ? std::optional(Step::hook) : std::nullopt;
    case Step::commit:
      return pivoted ? std::optional(Step::commit) : std::nullopt;
    case Step::restore:
    case Step::rehook:
    case Step::reprobe:
      return pivoted ? Step::restore : Step::rehook;
  }
  return std::nullopt;
}

/// The names in the journal, in logs and in history.
[[nodiscard]] std::string_view name(Step step);
[[nodiscard]] std::optional<Step> step_named(std::string_view name);
[[nodiscard]] std::string_view name(Ending ending);

}  // namespace certpivot::rollout
