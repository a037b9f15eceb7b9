#include "plugins/haproxy/master.hpp"

#include <algorithm>

#include "loop/asio.hpp"
#include "loop/timer.hpp"
#include "plugins/haproxy/answers.hpp"
#include "plugins/haproxy/conversation.hpp"
#include "process/child.hpp"

namespace certpivot::plugins {

namespace {

constexpr Duration master_look = std::chrono::milliseconds(20);

Duration left_until(SteadyTime deadline) {
  return std::chrono::duration_cast<Duration>(deadline - LoopTimer().now());
}

Task<Result<Processes>> processes_of(std::string socket, Duration limit) {
  auto const answer = co_await ask(socket, "show proc", limit);
  if (!answer) co_return fail(answer.error());
  auto processes = parse_processes(*answer);
  if (processes) co_return std::move(*processes);
  co_return fail("this is not haproxy's master socket", socket, process::last_words(*answer),
                 "start haproxy with -S and this path, and with -W or -Ws");
}

bool is_new(Processes const& now, Processes const& before) {
  return !now.workers.empty() &&
         std::none_of(now.workers.begin(), now.workers.end(),
                      [&before](::pid_t pid) { return before.workers.contains(pid); });
}

Error kept_old(std::string const& socket, std::string why) {
  return {"haproxy did not take the new files and keeps serving the old ones",
          socket,
          std::move(why),
          "its log has the reason",
          {}};
}

}  // namespace

Task<Result<void>> check_master(std::string socket, Duration limit) {
  auto const processes = co_await processes_of(std::move(socket), limit);
  if (!processes) co_return fail(processes.error());
  co_return Result<void>();
}

Task<Result<void>> reload_by_master(std::string socket, SteadyTime deadline) {
  auto const before = co_await processes_of(socket, left_until(deadline));
  if (!before) co_return fail(before.error());
  auto const answer = co_await ask(socket, "reload", left_until(deadline));
  if (!answer) co_return fail(answer.error());
  if (!parse_reload(*answer).value_or(true))
    co_return fail(kept_old(socket, process::last_words(*answer)));
  LoopTimer timer;
  while (timer.now() < deadline) {
    // A master that loads may hang up; it answers when it is done.
    auto const now = co_await processes_of(socket, left_until(deadline));
    if (now && is_new(*now, *before)) co_return Result<void>();
    if (now && now->failed > before->failed)
      co_return fail(kept_old(socket, "[failed: " + std::to_string(now->failed) + "]"));
    co_await timer.sleep_for(master_look);
  }
  co_return fail("haproxy's master started no new worker in time", socket, {},
                 "a large configuration may need a longer timeout");
}

}  // namespace certpivot::plugins
