#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "publish/generation.hpp"
#include "settings/settings.hpp"

namespace certpivot::publish {

/// The publish directory as the rollout sees it: a seam of a few calls, so that flow tests run on a
/// double in memory and the survival tests can make each step fail. All calls block; they are made
/// on a worker. None leaves half a step behind: a call that fails has changed nothing that counts.
class Target {
 public:
  virtual ~Target() = default;

  /// Makes ready what is missing (directory, generations/), removes what a crash left behind, and
  /// refuses a directory that holds anything certpivot did not make.
  [[nodiscard]] virtual Result<void> prepare() = 0;

  /// The generation that `current` names, 0 for none. Errors: the link points somewhere else.
  [[nodiscard]] virtual Result<Number> current() = 0;

  /// Numbers of the generations that are there, ascending. This and load() may be called while
  /// another thread calls the others.
  [[nodiscard]] virtual Result<std::vector<Number>> generations() = 0;

  /// Writes generations/<number>/ completely: owner and mode set before the first byte, flushed,
  /// then given its name. The further files are made of `content`, whichever it had before, and
  /// before anything is written. Errors: it is there already; no space; no right to give it to the
  /// owner; a further file that cannot be made.
  [[nodiscard]] virtual Result<void> stage(Number number, Content const& content) = 0;

  /// Makes `number` current by one rename(2), flushed, and makes sure of a link with a fixed name
  /// for each of its files and for no other.
  [[nodiscard]] virtual Result<void> pivot(Number number) = 0;

  /// Notes beside `current` whether hooks are owed, for who keeps no journal. Nothing is flushed:
  /// the pivot after it does.
  [[nodiscard]] virtual Result<void> owe(bool hooks) = 0;
  [[nodiscard]] virtual Result<bool> owes() = 0;

  /// Reads a generation back.
  [[nodiscard]] virtual Result<StoredContent> load(Number number) = 0;

  /// Removes a generation that never became current, or must not again. Absence is no error.
  [[nodiscard]] virtual Result<void> discard(Number number) = 0;

  /// Removes the oldest generations until `keep` are left; never the current one, never `also`.
  [[nodiscard]] virtual Result<void> prune(unsigned keep, Number also) = 0;

  /// Paths through `current`.
  [[nodiscard]] virtual Paths paths(bool with_ca) const = 0;
};

/// The real one. Nothing is touched until prepare().
[[nodiscard]] std::unique_ptr<Target> make_directory(settings::Publish const& publish);

}  // namespace certpivot::publish
