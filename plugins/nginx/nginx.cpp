#include "plugins/nginx/nginx.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <unistd.h>

#include "base/units.hpp"
#include "loop/asio.hpp"
#include "loop/on_worker.hpp"
#include "loop/timer.hpp"
#include "plugins/nginx/config.hpp"
#include "plugins/nginx/log.hpp"
#include "plugins/target/proc.hpp"
#include "plugins/target/target.hpp"
#include "process/child.hpp"

namespace certpivot::plugins {

namespace {

constexpr std::array usual_binaries = {"/usr/sbin/nginx", "/usr/local/sbin/nginx",
                                       "/usr/local/nginx/sbin/nginx", "/opt/nginx/sbin/nginx",
                                       "/usr/local/openresty/nginx/sbin/nginx"};
constexpr Duration first_look = std::chrono::milliseconds(10);
constexpr Duration longest_look = std::chrono::milliseconds(100);
constexpr Duration old_worker_look = std::chrono::milliseconds(20);
/// The master lets new and old workers run side by side for 100 ms before it stops the old ones.
/// Those that take longer than this are left to the probe.
constexpr Duration old_workers_stop_within = std::chrono::seconds(2);
/// So long an nginx without workers may take to say no.
constexpr Duration silence_is_yes = std::chrono::seconds(1);

std::string find_binary(std::string const& given) {
  if (!given.empty()) return given;
  auto const* const found =
      std::find_if(usual_binaries.begin(), usual_binaries.end(),
                   [](char const* path) { return ::access(path, X_OK) == 0; });
  return found == usual_binaries.end() ? usual_binaries.front() : *found;
}

class NginxHook final : public hook::Hook {
 public:
  NginxHook(settings::Hook const& settings, hook::Tools const& tools)
      : settings_(settings), tools_(tools), binary_(find_binary(settings.nginx.binary)) {}

  [[nodiscard]] std::string name() const override { return "nginx"; }

  Task<Result<void>> check(event::Event const& /*event*/) override {
    if (auto const good = co_await test(); !good) co_return good;
    if (auto const found = co_await locate(); !found) co_return found;
    co_return co_await on_worker(tools_.workers, [this] { return check_master(); });
  }

  Task<Result<void>> reload(event::Event const& /*event*/) override {
    // Our own limit is shorter than the caller's, whose cancelling would leave nothing to say.
    auto const deadline = timer_.now() + settings_.timeout * 9 / 10;
    if (auto const found = co_await locate(); !found) co_return found;
    auto begun = co_await on_worker(tools_.workers, [this] { return signal_master(); });
    if (!begun) co_return fail(begun.error());
    if (nothing_else_tells(*begun))
      if (auto const good = co_await test(); !good) co_return good;
    co_return co_await wait_for_reload(*begun, deadline);
  }

 private:
  using Children = std::set<std::pair<::pid_t, std::uint64_t>>;
  /// A reload under way.
  struct Reload {
    Target master;
    NginxLog log;
    Children before;  ///< the master's children as it got the signal
  };

  [[nodiscard]] Result<void> check_master() const {
    auto const master = Target::open(paths_.pidfile);
    if (!master) return fail(master.error());
    auto const fit = master->check(SIGHUP);
    if (!fit) return fail(fit.error());
    return {};
  }

  [[nodiscard]] Result<Reload> signal_master() const {
    auto master = Target::open(paths_.pidfile);
    if (!master) return fail(master.error());
    NginxLog log(paths_.error_log, master->pid());
    auto before = children_of(master->pid());
    if (auto const sent = master->send(SIGHUP); !sent) return fail(sent.error());
    return Reload{std::move(*master), std::move(log), std::move(before)};
  }

  /// One short run of the binary: "-t", "-T" or "-V".
  Task<Result<process::Outcome>> ask(std::string question) {
    process::Command command{{binary_, std::move(question)}, {}, {}, settings_.timeout};
    if (!settings_.nginx.config.empty()) {
      command.words.insert(command.words.end(), {"-c", settings_.nginx.config});
    }
    co_return co_await process::run(std::move(command), tools_.workers);
  }

  [[nodiscard]] std::string configuration() const {
    return settings_.nginx.config.empty() ? "of " + binary_ : settings_.nginx.config;
  }

  Task<Result<void>> test() {
    auto const outcome = co_await ask("-t");
    if (!outcome) co_return fail(outcome.error());
    co_return accepted(*outcome);
  }

  /// What nginx says of its configuration, by -t or by -T, which tests it too.
  [[nodiscard]] Result<void> accepted(process::Outcome const& outcome) const {
    if (outcome.good()) return {};
    auto const reason = emergency_line(outcome.output);
    return fail(
        "nginx -t refuses the configuration", configuration(),
        reason ? *reason
               : outcome.sentence(settings_.timeout) + ": " + process::last_words(outcome.output));
  }

  /// Asked once: a master keeps its pidfile and, but for a change of the configuration, its log.
  Task<Result<void>> locate() {
    if (!paths_.pidfile.empty()) co_return Result<void>();
    auto const dump = co_await ask("-T");
    if (!dump) co_return fail(dump.error());
    if (auto const good = accepted(*dump); !good) co_return good;
    auto const build = co_await ask("-V");
    if (!build) co_return fail(build.error());
    paths_ = nginx_paths(dump->output, build->output);
    if (!settings_.nginx.pidfile.empty()) paths_.pidfile = settings_.nginx.pidfile;
    co_return Result<void>();
  }

  /// A master keeps what it has where the files are no good, and says why in its log; nginx -t is a
  /// second reading of the whole configuration, for which nobody has to wait then.
  [[nodiscard]] static bool nothing_else_tells(Reload const& reload) {
    return !reload.log.readable() || reload.before.empty();
  }

  [[nodiscard]] Error kept_old(std::string reason) const {
    return {"nginx did not take the new files and keeps serving the old ones",
            paths_.error_log,
            std::move(reason),
            {},
            {}};
  }

  [[nodiscard]] Error no_answer(NginxLog const& log) const {
    return {"nginx took the signal but started no new worker",
            configuration(),
            log.readable() ? "its error log " + paths_.error_log + " says nothing about it"
                           : "its error log cannot be read, so the reason is unknown",
            "a large configuration may need a longer timeout",
            {}};
  }

  /// Nothing as long as the question is open.
  [[nodiscard]] std::optional<Result<void>> answer(Reload& reload) const {
    auto const now = children_of(reload.master.pid());
    auto const fresh = std::any_of(
        now.begin(), now.end(), [&](auto const& child) { return reload.before.count(child) == 0; });
    auto const runs = reload.master.still_runs();
    if (auto reason = reload.log.emergency()) return fail(kept_old(std::move(*reason)));
    if (!runs) return fail(runs.error());
    if (fresh) return Result<void>();
    return std::nullopt;
  }

  /// A worker that takes no more connections calls itself "worker process is shutting down".
  [[nodiscard]] static bool still_accepts(Reload const& reload) {
    auto const now = children_of(reload.master.pid());
    return std::any_of(reload.before.begin(), reload.before.end(), [&](auto const& child) {
      return now.count(child) != 0 && title_of(child.first) == "nginx: worker process";
    });
  }

  Task<void> wait_for_old_workers(Reload const& reload, SteadyTime deadline) {
    deadline = std::min(deadline, timer_.now() + old_workers_stop_within);
    while (timer_.now() < deadline &&
           co_await on_worker(tools_.workers, [&reload] { return still_accepts(reload); }))
      co_await timer_.sleep_for(old_worker_look);
  }

  Task<Result<void>> wait_for_reload(Reload& reload, SteadyTime deadline) {
    auto const silent_until = timer_.now() + silence_is_yes;
    for (auto pause = first_look; timer_.now() < deadline;
         pause = std::min(pause * 2, longest_look)) {
      co_await timer_.sleep_for(pause);
      auto const given =
          co_await on_worker(tools_.workers, [this, &reload] { return answer(reload); });
      if (given) {
        if (*given) co_await wait_for_old_workers(reload, deadline);
        co_return *given;
      }
      if (reload.before.empty() && timer_.now() > silent_until) co_return Result<void>();
    }
    auto const good = co_await test();
    co_return good ? fail(no_answer(reload.log)) : good;
  }

  settings::Hook settings_;
  hook::Tools tools_;
  std::string binary_;
  NginxPaths paths_ = {};
  LoopTimer timer_ = {};
};

}  // namespace

std::unique_ptr<hook::Hook> make_nginx_hook(settings::Hook const& settings,
                                            hook::Tools const& tools) {
  return std::make_unique<NginxHook>(settings, tools);
}

}  // namespace certpivot::plugins
