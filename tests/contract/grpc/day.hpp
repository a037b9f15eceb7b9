#pragma once

#include <functional>
#include <string>
#include <vector>

#include "clock_client.hpp"
#include "support/client_loop.hpp"
#include "support/scene.hpp"

namespace certpivot::testing {

/// A server's day with certpivot beside it, under two clients that never stop: one reads a stream,
/// the other makes one connection and one call after the other. None of it may fail.
class Day {
 public:
  /// `offer` brings a pair into the source.
  Day(Scene& scene, Daemon& daemon, ClockClient client, std::function<void(Pair const&)> offer);

  /// Rotates to a new pair, five times.
  void rotate_five_times();
  /// Rotates to this pair.
  void offer(Pair const& pair);
  /// A pair whose key is another's is refused, and what is served stays.
  void offer_a_broken_pair();
  /// The server takes a pair that `refusing_hook()` refuses, and goes back.
  void offer_one_that_is_rolled_back();
  /// Both clients: what has failed.
  [[nodiscard]] std::vector<std::string> failures();

 private:
  void go_on();
  [[nodiscard]] std::string served() const;

  Scene& scene_;
  Daemon& daemon_;
  ClockClient client_;
  std::function<void(Pair const&)> offer_;
  std::string in_force_ = {};
  ClockStream stream_;
  ClientLoop calls_;
};

/// A hook after the server's own, for Day::offer_one_that_is_rolled_back().
[[nodiscard]] std::string refusing_hook(Scene const& scene);

}  // namespace certpivot::testing
