#include "journal/database.hpp"

#include <algorithm>
#include <cerrno>
#include <limits>
#include <mutex>
#include <unistd.h>

#include "base/unique_fd.hpp"
#include "journal/rows.hpp"
#include "journal/schema.hpp"
#include "journal/state.hpp"
#include "journal/statements.hpp"

namespace certpivot::journal {

namespace {

constexpr std::int64_t finished_kept = 1'000;  ///< of each certificate

std::int64_t to_integer(std::uint64_t number) { return static_cast<std::int64_t>(number); }

/// Rolled back unless committed.
class Transaction {
 public:
  explicit Transaction(Statements const& statements) : statements_(statements) {}
  Transaction(Transaction const&) = delete;
  Transaction& operator=(Transaction const&) = delete;
  Transaction(Transaction&&) = delete;
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction() {
    // Fails only where SQLite has rolled back by itself already.
    if (begun_) (void)Query(statements_.roll_back).run();
  }
  [[nodiscard]] Result<void> begin() {
    auto begun = Query(statements_.begin).run();
    begun_ = begun.has_value();
    return begun;
  }
  [[nodiscard]] Result<void> commit() {
    auto committed = Query(statements_.commit).run();
    if (committed) begun_ = false;
    return committed;
  }

 private:
  Statements const& statements_;
  bool begun_ = false;
};

class DatabaseJournal final : public Journal {
 public:
  DatabaseJournal(UniqueFd lock, Database database, Statements statements)
      : lock_(std::move(lock)),
        database_(std::move(database)),
        statements_(std::move(statements)) {}

  Result<RolloutId> begin(Rollout const& rollout) override {
    std::scoped_lock const alone(mutex_);
    if (auto put = insert(rollout); !put) return fail(std::move(put.error()));
    return database_.last_row();
  }

  Result<void> about_to(RolloutId id, std::string const& step, std::string const& reason,
                        Outlives outlives) override {
    std::scoped_lock const alone(mutex_);
    {
      Query query(statements_.set_step);
      query << step << reason << id;
      if (auto written = one_changed(query, id); !written) return written;
    }
    return outlives == Outlives::power_cut ? database_.flush() : Result<void>();
  }

  Result<void> end(RolloutId id, std::string const& outcome, std::string const& reason,
                   WallTime when, InForce const& in_force) override {
    std::scoped_lock const alone(mutex_);
    Transaction transaction(statements_);
    if (auto begun = transaction.begin(); !begun) return begun;
    if (auto ended = set_outcome(id, outcome, reason, when); !ended) return ended;
    auto const certificate = certificate_of(id);
    if (!certificate) return fail(certificate.error());
    if (auto put = put_in_force(*certificate, in_force); !put) return put;
    Query prune(statements_.prune);
    prune << *certificate << finished_kept;
    if (auto pruned = prune.run(); !pruned) return pruned;
    if (auto committed = transaction.commit(); !committed) return committed;
    return database_.flush();
  }

  Result<std::vector<Rollout>> unfinished(std::string const& certificate) const override {
    std::scoped_lock const alone(mutex_);
    Query query(statements_.unfinished);
    query << certificate;
    return take_rollouts(query);
  }

  bool lasting() const override { return lock_.valid(); }

  bool in_place() const override {
    std::scoped_lock const alone(mutex_);
    return !database_.moved();
  }

  Result<InForce> in_force(std::string const& certificate) const override {
    std::scoped_lock const alone(mutex_);
    Query query(statements_.get_in_force);
    query << certificate;
    auto const row = query.next();
    if (!row) return fail(row.error());
    InForce in_force;
    if (!*row) return in_force;
    in_force.generation = static_cast<std::uint64_t>(query.integer());
    in_force.digest = query.text();
    in_force.hooks_owed = query.integer() != 0;
    in_force.leaf = take_leaf(query);
    return in_force;
  }

  Result<void> remember_bundle(std::string const& certificate, std::string const& ca_pem) override {
    std::scoped_lock const alone(mutex_);
    Query query(statements_.put_bundle);
    query << certificate << ca_pem;
    return query.run();
  }

  Result<std::string> last_bundle(std::string const& certificate) const override {
    std::scoped_lock const alone(mutex_);
    Query query(statements_.get_bundle);
    query << certificate;
    auto const row = query.next();
    if (!row) return fail(row.error());
    return *row ? query.text() : std::string();
  }

  Result<std::uint64_t> last_generation(std::string const& certificate) const override {
    std::scoped_lock const alone(mutex_);
    Query query(statements_.get_last_generation);
    query << certificate;
    auto const row = query.next();
    if (!row) return fail(row.error());
    return static_cast<std::uint64_t>(query.integer());  // 0 for NULL
  }

  Result<std::vector<Rollout>> history(std::string const& certificate,
                                       std::size_t most) const override {
    std::scoped_lock const alone(mutex_);
    // SQLite takes a negative limit for none.
    constexpr std::size_t largest = std::numeric_limits<std::int64_t>::max();
    Query query(statements_.history);
    query << certificate << static_cast<std::int64_t>(std::min(most, largest));
    return take_rollouts(query);
  }

 private:
  [[nodiscard]] Result<void> insert(Rollout const& rollout) const {
    Query query(statements_.insert_rollout);
    query << rollout.certificate << to_integer(rollout.generation) << to_integer(rollout.previous)
          << rollout.digest << rollout.step << rollout.outcome << rollout.reason
          << journal::to_integer(rollout.started) << journal::to_integer(rollout.ended);
    put_leaf(query, rollout.leaf);
    return query.run();
  }

  [[nodiscard]] Result<void> one_changed(Query& query, RolloutId id) {
    if (auto run = query.run(); !run) return run;
    if (database_.changes() == 1) return {};
    return fail("cannot write to the journal", "rollout " + std::to_string(id),
                "it is not under way");
  }

  [[nodiscard]] Result<void> set_outcome(RolloutId id, std::string const& outcome,
                                         std::string const& reason, WallTime when) {
    Query query(statements_.set_outcome);
    query << outcome << reason << journal::to_integer(when) << id;
    return one_changed(query, id);
  }

  [[nodiscard]] Result<std::string> certificate_of(RolloutId id) const {
    Query query(statements_.certificate_of);
    query << id;
    auto const row = query.next();
    if (!row) return fail(row.error());
    return query.text();
  }

  [[nodiscard]] Result<void> put_in_force(std::string const& certificate,
                                          InForce const& in_force) const {
    Query query(statements_.put_in_force);
    query << certificate << to_integer(in_force.generation) << in_force.digest
          << std::int64_t{in_force.hooks_owed ? 1 : 0};
    put_leaf(query, in_force.leaf);
    return query.run();
  }

  [[nodiscard]] static Result<std::vector<Rollout>> take_rollouts(Query& query) {
    std::vector<Rollout> rollouts;
    for (;;) {
      auto const row = query.next();
      if (!row) return fail(row.error());
      if (!*row) return rollouts;
      rollouts.push_back(take_rollout(query));
    }
  }

  UniqueFd lock_;  ///< given back last
  mutable std::mutex mutex_ = {};
  Database database_;
  Statements statements_;
};

Result<std::unique_ptr<Journal>> make_journal(UniqueFd lock, Database database) {
  auto statements = prepare_statements(database);
  if (!statements) return fail(std::move(statements.error()));
  return std::make_unique<DatabaseJournal>(std::move(lock), std::move(database),
                                           std::move(*statements));
}

/// Sets a damaged file aside and begins anew; `note` tells.
Result<Database> begin_anew(std::string const& path, std::string const& why, std::string& note) {
  auto const aside = set_aside(path);
  if (!aside) return fail(aside.error());
  note = "the journal " + path + " was damaged (" + why + "): it was set aside as " + *aside +
         ", and a new one begun; past rollouts are forgotten, and every hook runs again";
  auto made = make_database_file(path);
  if (!made) return fail(std::move(made.error()));
  return open_with_schema(path);
}

}  // namespace

Result<Opened> open_database(std::string const& state) {
  if (auto made = make_state_directory(state); !made) return fail(std::move(made.error()));
  auto lock = lock_state(state);
  if (!lock) return fail(std::move(lock.error()));
  std::string const path = state + "/journal.db";
  auto const too_short = make_database_file(path);
  if (!too_short) return fail(too_short.error());
  Opened opened;
  auto database =
      *too_short ? begin_anew(path, "it was cut off", opened.note) : open_with_schema(path);
  if (!database && is_damage(database.error()))
    database = begin_anew(path, std::string(database.error().why), opened.note);
  if (!database) return fail(std::move(database.error()));
  auto journal = make_journal(std::move(*lock), std::move(*database));
  if (!journal) return fail(std::move(journal.error()));
  opened.journal = std::move(*journal);
  return opened;
}

Result<std::unique_ptr<Journal>> open_in_memory() {
  auto database = open_with_schema(":memory:");
  if (!database) return fail(std::move(database.error()));
  return make_journal(UniqueFd(), std::move(*database));
}

Result<Past> past_of(std::string const& state, std::string const& certificate) {
  std::string const path = state + "/journal.db";
  if (::access(path.c_str(), R_OK) != 0) {
    if (errno == ENOENT) return Past();
    return fail_errno("cannot read the journal", path,
                      "run this as root or as the daemon's user to learn about past rollouts");
  }
  auto database = Database::open_to_read(path);
  if (!database) return fail(std::move(database.error()));
  auto const version = schema_of(*database, path);
  if (!version) return fail(version.error());
  if (*version < schema_version) return Past();  // the next start brings it up to date
  auto const journal = make_journal(UniqueFd(), std::move(*database));
  if (!journal) return fail(journal.error());
  auto rollouts = (*journal)->history(certificate, 1);
  if (!rollouts) return fail(std::move(rollouts.error()));
  auto bundle = (*journal)->last_bundle(certificate);
  if (!bundle) return fail(std::move(bundle.error()));
  auto const in_force = (*journal)->in_force(certificate);
  if (!in_force) return fail(in_force.error());
  Past past{.last_bundle = std::move(*bundle), .hooks_owed = in_force->hooks_owed};
  if (!rollouts->empty()) past.last_rollout = std::move(rollouts->front());
  return past;
}

}  // namespace certpivot::journal
