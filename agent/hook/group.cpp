#include "hook/group.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <unistd.h>
#include <utility>

#include "base/file_lock.hpp"
#include "base/unique_fd.hpp"
#include "base/units.hpp"
#include "hook/attempt.hpp"
#include "hook/gathering.hpp"
#include "log/log.hpp"
#include "loop/asio.hpp"
#include "loop/on_worker.hpp"

namespace certpivot::hook {

namespace {

// Another host's turn lasts as long as its server's reload and the proof.
constexpr Duration longest_turn = std::chrono::minutes(5);
// Between two looks at whether certpivot is to end.
constexpr Duration turn_look = std::chrono::seconds(1);
constexpr ::mode_t lock_mode = 0644;

tl::unexpected<Error> no_lock(std::string const& path) {
  return fail_errno("cannot open the lock", path,
                    "its directory must be there, and it a file of certpivot's own");
}

Result<UniqueFd> open_lock(std::string const& path) {
  UniqueFd lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, lock_mode));
  if (!lock.valid()) return no_lock(path);
  return lock;
}

/// The same without making it.
Result<void> could_open_lock(std::string const& path) {
  UniqueFd const lock(::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW));
  if (lock.valid()) return {};
  if (errno != ENOENT) return no_lock(path);
  auto const directory = std::filesystem::path(path).parent_path();
  if (::access(directory.c_str(), W_OK | X_OK) != 0) return no_lock(path);
  return {};
}

}  // namespace

/// What several wait for and one brings.
struct Group::Answer {
  explicit Answer(asio::any_io_executor const& loop) : there(loop, SteadyTime::max()) {}
  void give(Result<void> answer) {
    result = std::move(answer);
    there.cancel();
  }
  [[nodiscard]] Task<Result<void>> wait() {
    boost::system::error_code woken;
    while (!result) co_await there.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    co_return *result;
  }
  asio::steady_timer there;  ///< cancelled when it is
  std::optional<Result<void>> result = {};
};

/// One run of the hook, and who is in it.
struct Group::Batch {
  Batch(asio::any_io_executor const& loop, SteadyTime now)
      : begun(now), gathering(now), changed(loop), answer(loop) {}
  SteadyTime begun;
  Gathering gathering;
  asio::steady_timer changed;  ///< the leader's; cancelled when it should look again
  Answer answer;
  unsigned members = 0;
  std::set<std::string> at_stake = {};  ///< those that go back where it fails
  bool in_company = false;              ///< it waits for others
  bool is_led = false;
  bool goes_back = false;
  Duration splay = Duration::zero();
};

Group::Group(settings::Hook const& hook, Runners const& runners)
    : rules_(hook), runners_(runners) {}

Group::~Group() = default;

Group::OnTheWay::OnTheWay(std::shared_ptr<Group> group) : group_(std::move(group)) {
  ++group_->on_the_way_;
}

void Group::OnTheWay::arrive() {
  if (!group_) return;
  --group_->on_the_way_;
  group_->poke();
  group_.reset();
}

bool Group::has_rules_of(settings::Hook const& hook) const {
  return rules_.min_interval == hook.min_interval && rules_.splay == hook.splay &&
         rules_.lock == hook.lock;
}

void Group::hurry() {
  hurried_ = true;
  poke();
}

void Group::poke() {
  for (auto const& batch : waiting_) batch->changed.cancel();
}

std::shared_ptr<Group::Batch> Group::join(asio::any_io_executor const& loop,
                                          event::Event const& event, Stake stake) {
  bool const goes_back = event.kind == event::Kind::rolled_back;
  bool const alone = !goes_back && alone_.erase(event.certificate) != 0;
  bool const in_company = !rules_.group.empty() && !alone;
  SteadyTime const now = runners_.timer.now();
  std::shared_ptr<Batch> batch = in_company ? open_ : nullptr;
  if (!batch) {
    batch = std::make_shared<Batch>(loop, now);
    batch->in_company = in_company;
    batch->splay = std::chrono::duration_cast<Duration>(rules_.splay * runners_.random());
    if (in_company) open_ = batch;
  }
  batch->gathering.arrived(now);
  batch->goes_back = batch->goes_back || goes_back;
  ++batch->members;
  if (stake == Stake::rollback) batch->at_stake.insert(event.certificate);
  return batch;
}

SteadyTime Group::due(Batch const& batch) const {
  if (hurried_) return batch.begun;
  SteadyTime const gathered = batch.in_company ? batch.gathering.over(on_the_way_) : batch.begun;
  if (batch.goes_back) return gathered;
  SteadyTime const rested = last_run_ ? *last_run_ + rules_.min_interval : batch.begun;
  return std::max(gathered, rested) + batch.splay;
}

Task<void> Group::wait_for_turn(Batch& batch) {
  while (true) {
    SteadyTime const at = running_ ? SteadyTime::max() : due(batch);
    if (at <= runners_.timer.now()) co_return;
    batch.changed.expires_at(at);
    boost::system::error_code woken;
    co_await batch.changed.async_wait(asio::redirect_error(asio::use_awaitable, woken));
  }
}

Task<Result<UniqueFd>> Group::take_turn(std::string const& certificate) {
  std::string const& path = rules_.lock;
  auto lock = co_await on_worker(runners_.workers, [&path] { return open_lock(path); });
  if (!lock) co_return lock;
  auto const deadline = runners_.timer.now() + longest_turn;
  auto const wait = [fd = lock->get()] { return lock_within(fd, turn_look); };
  for (bool said = false; co_await on_worker(runners_.workers, wait) != 0; said = true) {
    if (hurried_)
      co_return fail("did not wait for the lock", path, "certpivot ends, and somebody else has it");
    if (runners_.timer.now() >= deadline)
      co_return fail("waited in vain for the lock", path,
                     "somebody else has held it for " + to_text(longest_turn),
                     "fuser " + path + " tells who holds it on this host");
    if (!said)
      runners_.log.notice(certificate,
                          "waiting for the lock " + path + ", at most " + to_text(longest_turn));
  }
  co_return lock;
}

Task<Result<void>> Group::run_locked(Hook& hook, settings::Hook const& settings,
                                     event::Event const& event) {
  UniqueFd lock;
  if (!rules_.lock.empty()) {
    auto taken = co_await take_turn(event.certificate);
    if (!taken) co_return fail(taken.error());
    lock = std::move(*taken);
  }
  co_return co_await attempt_reload(hook, settings, event, runners_.timer, runners_.log);
}

Task<void> Group::lead(std::shared_ptr<Batch> batch, Hook& hook, settings::Hook const& settings,
                       event::Event const& event) {
  waiting_.push_back(batch);
  co_await wait_for_turn(*batch);
  std::erase(waiting_, batch);
  if (open_ == batch) open_.reset();
  running_ = true;
  auto answer = co_await run_locked(hook, settings, event);
  running_ = false;
  last_run_ = runners_.timer.now();
  if (!answer && !batch->goes_back && batch->members > 1) alone_.merge(batch->at_stake);
  batch->answer.give(std::move(answer));
  poke();
}

Task<Result<void>> Group::run(Hook& hook, settings::Hook const& settings, event::Event const& event,
                              Stake stake) {
  auto const loop = co_await asio::this_coro::executor;
  auto const batch = join(loop, event, stake);
  if (!std::exchange(batch->is_led, true))
    co_await lead(batch, hook, settings, event);
  else
    poke();
  co_return co_await batch->answer.wait();
}

Task<Result<void>> Group::check(Hook& hook, settings::Hook const& settings,
                                event::Event const& event) {
  auto const loop = co_await asio::this_coro::executor;
  if (auto const asked = check_) co_return co_await asked->wait();
  auto const own = std::make_shared<Answer>(loop);
  if (!rules_.group.empty()) check_ = own;
  auto fit = co_await check_lock(rules_.lock, runners_.workers);
  if (fit) fit = co_await attempt_check(hook, settings, event);
  check_.reset();
  own->give(std::move(fit));
  co_return *own->result;
}

Task<Result<void>> check_lock(std::string path, Workers& workers) {
  if (path.empty()) co_return Result<void>();
  co_return co_await on_worker(workers, [&path] { return could_open_lock(path); });
}

std::shared_ptr<Group> Groups::of(settings::Hook const& hook) {
  if (hook.group.empty()) return std::make_shared<Group>(hook, runners_);
  auto& known = groups_[hook.group];
  auto group = known.lock();
  if (group && group->has_rules_of(hook)) return group;
  group = std::make_shared<Group>(hook, runners_);
  known = group;
  return group;
}

}  // namespace certpivot::hook
