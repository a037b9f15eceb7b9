#include "support/recipe_trial.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>

#include <doctest/doctest.h>

#include "support/account.hpp"
#include "support/daemon.hpp"
#include "support/pki.hpp"
#include "support/recipe.hpp"
#include "support/scene.hpp"
#include "support/sources.hpp"
#include "support/tls_server.hpp"

namespace certpivot::testing {
namespace {

namespace fs = std::filesystem;

/// One trial under way, a method an act.
class Course {
 public:
  explicit Course(RecipeTrial const& trial);
  void rotate_five_times();
  void change_authority();
  void offer_broken_pair();
  void roll_back();
  void end();

 private:
  void place_first_pair();
  void start();
  [[nodiscard]] Pair issue(Authority const& authority);
  void offer(Pair const& pair, std::string const& bundle);
  void rotate_to(Pair const& pair, std::string const& bundle);
  [[nodiscard]] Look look(Pair const& client) const;
  void expect_served(Pair const& pair) const;
  void expect_refused(Pair const& client) const;
  void show_as_client(Pair const& pair);
  void write_config(std::string const& more = {}) const;

  RecipeTrial const& trial_;
  RecipeTrial::Stage stage_ = {};
  fs::path published_ = stage_.path("/run/certs/" + trial_.certificate);
  AtomicWriter source_{stage_.path("/mnt/certs/" + trial_.certificate)};
  std::string config_ = stage_.path("/etc/certpivot/certpivot.toml");
  Authority a_ = Authority({.common_name = "A"});
  Authority b_ = Authority({.common_name = "B"});
  std::vector<Pair> issued_ = {};
  Pair in_force_ = {};
  std::string bundle_ = a_.pem();
  std::vector<std::string> served_ = {};  ///< fingerprints
  mutable std::mutex client_mutex_ = {};
  Pair client_ = {};
  std::shared_ptr<void> server_ = {};
  std::optional<Daemon> daemon_ = {};
  std::optional<LookLoop> loop_ = {};
};

Course::Course(RecipeTrial const& trial) : trial_(trial) {
  let_pass(stage_.root / "file");
  stage_.root.make("run");
  stage_.root.write("etc/pki/internal-ca.pem", a_.pem() + b_.pem());
  stage_.recipe = below(stage_.root.path(), recipe(trial_.recipe));
  put(stage_.recipe, "ca_grace = \"24h\"", "ca_grace = \"1s\"");
  place_first_pair();
  start();
}

void Course::place_first_pair() {
  in_force_ = client_ = issue(a_);
  offer(in_force_, bundle_);
  write_config();
  Outcome const once = certpivot(first_placement(stage_.recipe));
  // 70: it is published, and nobody is there yet who could be told.
  CHECK_MESSAGE((once.exit_code == 0 || once.exit_code == 70), once.err);
  REQUIRE(leaf_fingerprint(read_file(published_ / "tls.crt")) == in_force_.fingerprint);
  served_.push_back(in_force_.fingerprint);
}

void Course::start() {
  server_ = trial_.start(stage_);
  put(stage_.recipe, trial_.address, "127.0.0.1:" + std::to_string(stage_.port));
  write_config();
  daemon_.emplace(config_);
  daemon_->wait_until_settled();
  loop_.emplace([this] {
    std::unique_lock lock(client_mutex_);
    Pair const client = client_;
    lock.unlock();
    Look seen = look(client);
    if (seen.failure.empty() && seen.status != trial_.served) seen.failure = "got " + seen.status;
    return seen;
  });
  loop_->wait_for(1);
}

Pair Course::issue(Authority const& authority) {
  issued_.push_back(authority.issue({.names = {trial_.certificate + ".internal"}}));
  return issued_.back();
}

void Course::offer(Pair const& pair, std::string const& bundle) {
  source_.write({{"tls.crt", pair.certificate_pem}, {"tls.key", pair.key_pem}, {"ca.crt", bundle}});
}

void Course::rotate_to(Pair const& pair, std::string const& bundle) {
  offer(pair, bundle);
  LogLine const ending = daemon_->ending_of(pair.fingerprint);
  REQUIRE_MESSAGE(ending.event == "committed", daemon_->output());
  in_force_ = pair;
  bundle_ = bundle;
  served_.push_back(pair.fingerprint);
  expect_served(pair);
  wait_until("the client was served the new one",
             [this] { return loop_->seen().fingerprints.size() == served_.size(); });
}

Look Course::look(Pair const& client) const {
  return look_at(stage_.port, &client, a_.pem() + b_.pem(), trial_.talk);
}

void Course::expect_served(Pair const& pair) const {
  // Where the server has losses of its own, or its workers overlap, not at once.
  wait_until("the server serves " + pair.fingerprint, [&] {
    Look const seen = look(client_);
    return seen.status == trial_.served && seen.fingerprint == pair.fingerprint;
  });
}

void Course::expect_refused(Pair const& client) const {
  wait_until("a client of the other CA is refused", [&] {
    Look const seen = look(client);
    return !seen.fingerprint.empty() && seen.status == trial_.refused;
  });
}

void Course::show_as_client(Pair const& pair) {
  {
    std::scoped_lock const alone(client_mutex_);
    client_ = pair;
  }
  loop_->wait_for(2);  // one may be under way with the pair of before
}

void Course::write_config(std::string const& more) const {
  stage_.root.write("etc/certpivot/certpivot.toml",
                    "[agent]\nstate = \"" + stage_.path("/var/lib/certpivot") +
                        "\"\nlog = { format = \"json\" }\n\n" + stage_.recipe + more);
}

void Course::rotate_five_times() {
  for (int turn = 0; turn < 5; ++turn) rotate_to(issue(a_), bundle_);
}

// A complete change: both CAs, the pairs, the new CA alone.
void Course::change_authority() {
  Pair const client_of_a = client_;
  Pair const client_of_b = issue(b_);
  expect_refused(client_of_b);
  rotate_to(issue(a_), a_.pem() + b_.pem());
  show_as_client(client_of_b);
  rotate_to(issue(b_), bundle_);
  offer(in_force_, b_.pem());
  bundle_ = b_.pem();
  daemon_->wait_for_text("CN=A leaves the CA bundle: publish.ca_grace is over");
  expect_refused(client_of_a);
}

void Course::offer_broken_pair() {
  auto const before = fs::read_symlink(published_ / "current");
  Pair broken = issue(b_);
  broken.key_pem = issue(b_).key_pem;
  offer(broken, bundle_);
  LogLine const ending = daemon_->ending_of(broken.fingerprint);
  CHECK(ending.event == "refused");
  CHECK(ending.reasons == "key_mismatch");
  CHECK(fs::read_symlink(published_ / "current") == before);
  expect_served(in_force_);
}

// Another server behind the same certificate is forgotten by the hooks: this one has taken the new
// pair, and must go back.
void Course::roll_back() {
  TlsServer const forgotten({.pairs = {in_force_}});
  write_config("\n[[certificate.probe]]\naddress = \"" + forgotten.address() +
               "\"\ntimeout = \"500ms\"\n");
  daemon_->reload();
  daemon_->next("configuration_loaded");
  Pair const doomed = issue(b_);
  std::size_t const lines = daemon_->lines().size();
  offer(doomed, bundle_);
  CHECK(daemon_->ending_of(doomed.fingerprint).event == "rolled_back");
  auto const all = daemon_->lines();
  CHECK(std::count_if(all.begin() + static_cast<std::ptrdiff_t>(lines), all.end(),
                      [this](LogLine const& line) {
                        return line.message.starts_with("127.0.0.1:" + std::to_string(stage_.port) +
                                                        " serves generation ");
                      }) == 2);
  expect_served(in_force_);
  served_.push_back(doomed.fingerprint);
}

void Course::end() {
  LookLoop::Tally const tally = loop_->stop();
  std::map<std::string, unsigned> failures;
  for (std::string const& failure : tally.failures) ++failures[failure];
  for (auto const& kind : failures) {
    MESSAGE(kind.first << ": " << kind.second << " beside " << tally.good << " good connections");
    CHECK_MESSAGE(trial_.own_losses.contains(kind.first), kind.first);
  }
  // The one that was rolled back may have been too short there for the client to see it.
  if (tally.fingerprints.size() < served_.size()) served_.pop_back();
  CHECK(tally.fingerprints == served_);
  CHECK(daemon_->stop() == 0);
  for (Pair const& pair : issued_) CHECK_FALSE(holds_key_bytes(daemon_->output(), pair.key_pem));
}

}  // namespace

void RecipeTrial::run() const {
  Course course(*this);
  course.rotate_five_times();
  course.change_authority();
  course.offer_broken_pair();
  course.roll_back();
  course.end();
}

}  // namespace certpivot::testing
