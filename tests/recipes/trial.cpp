#include "recipes/trial.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <mutex>
#include <utility>

#include <doctest/doctest.h>

#include "recipes/staged_recipe.hpp"
#include "support/scene.hpp"
#include "support/tls_server.hpp"

namespace certpivot::testing {
namespace {

namespace fs = std::filesystem;

/// One trial under way, a method an act.
class Course {
 public:
  explicit Course(RecipeServer server);
  void rotate_five_times();
  void change_authority();
  void offer_broken_pair();
  void roll_back();
  void end();

 private:
  void rotate_to(Pair const& pair, std::string const& bundle);
  [[nodiscard]] Look look_as_client() const;
  void expect_served(Pair const& pair) const;
  void expect_refused(Pair const& client) const;
  void show_as_client(Pair const& pair);

  StagedRecipe staged_;
  Daemon& daemon_ = staged_.run();
  Pair in_force_ = staged_.first();
  std::string bundle_ = staged_.a().pem();
  std::vector<std::string> served_{in_force_.fingerprint};
  mutable std::mutex client_mutex_ = {};
  Pair client_ = in_force_;
  LookLoop loop_{[this] { return look_as_client(); }};
};

Course::Course(RecipeServer server) : staged_(std::move(server)) { loop_.wait_for(1); }

Look Course::look_as_client() const {
  std::unique_lock lock(client_mutex_);
  Pair const client = client_;
  lock.unlock();
  Look seen = staged_.look(client);
  if (seen.failure.empty() && seen.status != staged_.server().served)
    seen.failure = "got " + seen.status;
  return seen;
}

void Course::rotate_to(Pair const& pair, std::string const& bundle) {
  staged_.offer(pair, bundle);
  LogLine const ending = daemon_.ending_of(pair.fingerprint);
  REQUIRE_MESSAGE(ending.event == "committed", daemon_.output());
  in_force_ = pair;
  bundle_ = bundle;
  served_.push_back(pair.fingerprint);
  expect_served(pair);
  wait_until("the client was served the new one",
             [this] { return loop_.seen().fingerprints.size() == served_.size(); });
}

void Course::expect_served(Pair const& pair) const {
  // Where the server has losses of its own, or its workers overlap, not at once.
  wait_until("the server serves " + pair.fingerprint, [&] {
    Look const seen = staged_.look(client_);
    return seen.status == staged_.server().served && seen.fingerprint == pair.fingerprint;
  });
}

void Course::expect_refused(Pair const& client) const {
  wait_until("a client of the other CA is refused", [&] {
    Look const seen = staged_.look(client);
    return !seen.fingerprint.empty() && seen.status == staged_.server().refused;
  });
}

void Course::show_as_client(Pair const& pair) {
  {
    std::scoped_lock const alone(client_mutex_);
    client_ = pair;
  }
  loop_.wait_for(2);  // one may be under way with the pair of before
}

void Course::rotate_five_times() {
  for (int turn = 0; turn < 5; ++turn) rotate_to(staged_.issue(staged_.a()), bundle_);
}

// A complete change: both CAs, the pairs, the new CA alone.
void Course::change_authority() {
  Pair const client_of_a = client_;
  Pair const client_of_b = staged_.issue(staged_.b());
  expect_refused(client_of_b);
  rotate_to(staged_.issue(staged_.a()), staged_.a().pem() + staged_.b().pem());
  show_as_client(client_of_b);
  rotate_to(staged_.issue(staged_.b()), bundle_);
  staged_.offer(in_force_, staged_.b().pem());
  bundle_ = staged_.b().pem();
  daemon_.wait_for_text("CN=A leaves the CA bundle: publish.ca_grace is over");
  expect_refused(client_of_a);
}

void Course::offer_broken_pair() {
  auto const before = fs::read_symlink(staged_.published() / "current");
  Pair broken = staged_.issue(staged_.b());
  broken.key_pem = staged_.issue(staged_.b()).key_pem;
  staged_.offer(broken, bundle_);
  LogLine const ending = daemon_.ending_of(broken.fingerprint);
  CHECK(ending.event == "refused");
  CHECK(ending.reasons == "key_mismatch");
  CHECK(fs::read_symlink(staged_.published() / "current") == before);
  expect_served(in_force_);
}

// Another server behind the same certificate is forgotten by the hooks: this one has taken the new
// pair, and must go back.
void Course::roll_back() {
  TlsServer const forgotten({.pairs = {in_force_}});
  staged_.write_config("\n[[certificate.probe]]\naddress = \"" + forgotten.address() +
                       "\"\ntimeout = \"500ms\"\n");
  daemon_.reload();
  daemon_.next("configuration_loaded");
  Pair const doomed = staged_.issue(staged_.b());
  std::size_t const lines = daemon_.lines().size();
  staged_.offer(doomed, bundle_);
  CHECK(daemon_.ending_of(doomed.fingerprint).event == "rolled_back");
  auto const all = daemon_.lines();
  CHECK(std::count_if(all.begin() + static_cast<std::ptrdiff_t>(lines), all.end(),
                      [this](LogLine const& line) {
                        return line.message.starts_with(
                            "127.0.0.1:" + std::to_string(staged_.stage().port) +
                            " serves generation ");
                      }) == 2);
  expect_served(in_force_);
  served_.push_back(doomed.fingerprint);
}

void Course::end() {
  LookLoop::Tally const tally = loop_.stop();
  std::map<std::string, unsigned> failures;
  for (std::string const& failure : tally.failures) ++failures[failure];
  for (auto const& kind : failures) {
    MESSAGE(kind.first << ": " << kind.second << " beside " << tally.good << " good connections");
    CHECK_MESSAGE(staged_.server().own_losses.contains(kind.first), kind.first);
  }
  // The one that was rolled back may have been too short there for the client to see it.
  if (tally.fingerprints.size() < served_.size()) served_.pop_back();
  CHECK(tally.fingerprints == served_);
  CHECK(daemon_.stop() == 0);
  for (Pair const& pair : staged_.issued())
    CHECK_FALSE(holds_key_bytes(daemon_.output(), pair.key_pem));
}

}  // namespace

void stand_trial(RecipeServer server) {
  Course course(std::move(server));
  course.rotate_five_times();
  course.change_authority();
  course.offer_broken_pair();
  course.roll_back();
  course.end();
}

}  // namespace certpivot::testing
