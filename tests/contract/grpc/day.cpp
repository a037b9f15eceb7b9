#include "day.hpp"

#include <utility>

#include <doctest/doctest.h>

#include "support/tls_look.hpp"

namespace certpivot::testing {

namespace {

/// While it is there, the hook fails.
std::filesystem::path refusal(Scene const& scene) { return scene.directory / "refuse"; }

}  // namespace

std::string refusing_hook(Scene const& scene) {
  return exec_hook({"/usr/bin/test", "!", "-e", refusal(scene)}, "retries = 0\n");
}

Day::Day(Scene& scene, Daemon& daemon, ClockClient client, std::function<void(Pair const&)> offer)
    : scene_(scene),
      daemon_(daemon),
      client_(std::move(client)),
      offer_(std::move(offer)),
      stream_(client_),
      calls_([this] { return client_.now(); }) {
  in_force_ = served();
  go_on();
}

std::string Day::served() const { return look_at(client_.port, client_.identity).fingerprint; }

void Day::go_on() {
  stream_.wait_for(3);
  calls_.wait_for(3);
}

void Day::rotate_five_times() {
  for (int turn = 0; turn < 5; ++turn) offer(scene_.issue());
}

void Day::offer(Pair const& pair) {
  offer_(pair);
  LogLine const end = daemon_.ending_of(pair.fingerprint);
  CHECK_MESSAGE(end.event == "committed", end.text);
  in_force_ = pair.fingerprint;
  CHECK(served() == in_force_);
  go_on();
}

void Day::offer_a_broken_pair() {
  Pair broken = scene_.issue();
  broken.key_pem = scene_.issue().key_pem;
  offer_(broken);
  CHECK(daemon_.next("refused").reasons.find("key_mismatch") != std::string::npos);
  CHECK(served() == in_force_);
  go_on();
}

void Day::offer_one_that_is_rolled_back() {
  write_file(refusal(scene_), "");
  Pair const pair = scene_.issue();
  offer_(pair);
  CHECK(daemon_.ending_of(pair.fingerprint).event == "rolled_back");
  // A server that watches its files may have read them in between, and looks again later.
  wait_until("the pair of before is served", [&] { return served() == in_force_; });
  go_on();
}

std::vector<std::string> Day::failures() {
  auto failures = calls_.stop();
  if (auto failure = stream_.stop(); !failure.empty()) failures.push_back(std::move(failure));
  return failures;
}

}  // namespace certpivot::testing
