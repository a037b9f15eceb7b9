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
/// spite of being cancelled because it keeps its own limit, still gets its words heard.
Task<void> keep(Task<Result<void>> work, std::string name, std::optional<Result<void>>& answer) {
  try {
    answer.emplace(co_await std::move(work));
  } catch (boost::system::system_error const& thrown) {
    if (thrown.code() == asio::error::operation_aborted) throw;  // cancelled: there is no answer
    answer.emplace(fail("the hook broke off", name, thrown.what()));
  } catch (std::exception const& thrown) {
    answer.emplace(fail("the hook broke off", name, thrown.what()));
  } catch (...) {
    answer.emplace(
        fail("the hook broke off", name, "it threw something that is no std::exception"));
  }
}

/// The limit is the real time's, never a test's: it is there for hooks that hang.
Task<Result<void>> within(Task<Result<void>> work, std::string name, Duration limit) {
  using namespace asio::experimental::awaitable_operators;
  asio::steady_timer timer(co_await asio::this_coro::executor, limit);
  std::optional<Result<void>> answer;
  co_await (keep(std::move(work), name, answer) || timer.async_wait(asio::use_awaitable));
  if (answer) co_return std::move(*answer);
  co_return fail("the hook did not come back within " + to_text(limit), name, {},
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
