#include "hook/attempt.hpp"

#include <algorithm>
#include <optional>

#include "base/units.hpp"
#include "log/log.hpp"
#include "loop/asio.hpp"

namespace certpivot::hook {

namespace {

constexpr Duration first_pause = std::chrono::milliseconds(200);
constexpr Duration longest_pause = std::chrono::seconds(5);

/// Stores the answer instead of returning it, so that a hook which ends just after its time, or in
/// spite of being cancelled because it keeps its own limit, still gets its words heard. One that
/// was cancelled in earnest has no answer.
Task<void> keep(Task<Result<void>> work, std::string name, std::optional<Result<void>>& answer) {
  try {
    answer.emplace(co_await std::move(work));
  } catch (boost::system::system_error const& thrown) {
    if (thrown.code() != asio::error::operation_aborted)
      answer.emplace(fail("hook " + name + " broke off", {}, thrown.what()));
  } catch (std::exception const& thrown) {
    answer.emplace(fail("hook " + name + " broke off", {}, thrown.what()));
  } catch (...) {
    answer.emplace(
        fail("hook " + name + " broke off", {}, "it threw something that is no std::exception"));
  }
}

/// The limit is the real time's, never a test's: it is there for hooks that hang.
Task<Result<void>> within(Task<Result<void>> work, std::string name, Duration limit) {
  auto const loop = co_await asio::this_coro::executor;
  auto const enough = std::make_shared<asio::cancellation_signal>();
  asio::steady_timer timer(loop, limit);
  // Weak, because the handler may run when all is over.
  timer.async_wait([weak = std::weak_ptr(enough)](boost::system::error_code const& failure) {
    auto const waited_for = weak.lock();
    if (!failure && waited_for) waited_for->emit(asio::cancellation_type::terminal);
  });
  std::optional<Result<void>> answer;
  auto kept = keep(std::move(work), name, answer);
  auto cancellable = asio::bind_cancellation_slot(enough->slot(), asio::use_awaitable);
  co_await asio::co_spawn(loop, std::move(kept), std::move(cancellable));
  if (answer) co_return std::move(*answer);
  co_return fail("hook " + name + " did not come back within " + to_text(limit), {}, {},
                 "find out what it waits for, or raise its timeout");
}

std::string retry_sentence(std::string const& name, unsigned attempt, unsigned attempts,
                           Duration pause, Error const& error) {
  return "hook " + name + " failed, attempt " + std::to_string(attempt) + " of " +
         std::to_string(attempts) + ", again in " + to_text(pause) + ": " + error.text();
}

}  // namespace

Task<Result<void>> attempt_reload(Hook& hook, settings::Hook const& settings,
                                  event::Event const& event, Timer& timer, Log& log) {
  auto const attempts = settings.retries + 1;
  auto pause = first_pause;
  for (auto attempt = 1U;; ++attempt) {
    auto answer = co_await within(hook.reload(event), hook.name(), settings.timeout);
    if (answer || attempt == attempts) co_return answer;
    log.warning(event.certificate,
                retry_sentence(hook.name(), attempt, attempts, pause, answer.error()));
    co_await timer.sleep_for(pause);
    pause = std::min(pause * 2, longest_pause);
  }
}

Task<Result<void>> attempt_check(Hook& hook, settings::Hook const& settings,
                                 event::Event const& event) {
  co_return co_await within(hook.check(event), hook.name(), settings.timeout);
}

}  // namespace certpivot::hook
