#include <csignal>
#include <memory>
#include <utility>

#include "command/exit_code.hpp"
#include "command/memory.hpp"
#include "command/service.hpp"
#include "command/verbs.hpp"
#include "journal/database.hpp"
#include "loop/on_worker.hpp"
#include "rollout/lanes.hpp"
#include "settings/read.hpp"

namespace certpivot::command {

namespace {

// How long a stop waits for lanes that only read; a rollout in hand is waited for whatever it
// takes.
constexpr std::chrono::seconds patience{2};

void tell_configuration(Log& log, WallTime now, event::Kind kind,
                        std::vector<event::Reason> reasons, std::string const& sentence) {
  event::Event about;
  about.time = now;
  about.kind = kind;
  about.reasons = std::move(reasons);
  rollout::tell(log, about, sentence);
}

/// The daemon between its start and its end: signals in, lanes below.
class Daemon {
 public:
  Daemon(Service& service, RunOptions options, settings::Settings settings,
         hook::Registry const& registry)
      : service_(service),
        options_(std::move(options)),
        running_(std::move(settings)),
        signals_(service.loop, SIGHUP, SIGTERM, SIGINT),
        patience_(service.loop),
        lanes_(service.loop, service.world(), service.watcher, service.evidence, registry,
               give_back_start_up_memory) {}

  [[nodiscard]] int run() {
    if (auto const begun = lanes_.apply(running_.certificates); !begun) {
      service_.log.error("", begun.error().text());
      return configuration;
    }
    tell_loaded();
    wait_for_signal();
    service_.loop.run();
    return done;
  }

 private:
  void wait_for_signal() {
    signals_.async_wait([this](boost::system::error_code error, int signal) {
      if (error) return;
      if (signal == SIGHUP && !stopping_)
        begin_reload();
      else if (signal != SIGHUP)
        stop(signal);
      wait_for_signal();
    });
  }

  // Off the loop, because the file names paths, and one of those may hang.
  Task<void> reload() {
    auto read =
        co_await on_worker(service_.workers, [this] { return settings::read(options_.file); });
    std::vector<event::Reason> reasons;
    if (!read) {
      for (settings::Complaint const& complaint : read.error())
        reasons.push_back({"configuration", complaint.sentence()});
    } else if (auto const applied = lanes_.apply(read->certificates); !applied) {
      reasons.push_back({"configuration", applied.error().text()});
    } else {
      take_over(std::move(*read));
    }
    if (!reasons.empty()) tell_refused(std::move(reasons));
    reloading_ = false;
    if (std::exchange(reload_again_, false)) begin_reload();
  }

  // One at a time; a SIGHUP meanwhile means that the file changed again.
  void begin_reload() {
    if (std::exchange(reloading_, true)) {
      reload_again_ = true;
      return;
    }
    asio::co_spawn(service_.loop, reload(), asio::detached);
  }

  void take_over(settings::Settings fresh) {
    if (fresh.agent.state != running_.agent.state)
      service_.log.warning(
          "", "agent.state takes effect at the next start; still using " + running_.agent.state);
    fresh.agent.state = running_.agent.state;
    running_ = std::move(fresh);
    service_.log.configure(running_.agent.log.level, running_.agent.log.format);
    tell_loaded();
  }

  void tell_refused(std::vector<event::Reason> reasons) {
    std::string sentence =
        options_.file + " was not taken over, the configuration before it stays in force";
    for (event::Reason const& reason : reasons) sentence += "; " + reason.text;
    tell_configuration(service_.log, service_.wall.now(), event::Kind::configuration_refused,
                       std::move(reasons), sentence);
  }

  void tell_loaded() {
    tell_configuration(service_.log, service_.wall.now(), event::Kind::configuration_loaded, {},
                       options_.file + " is in force, certificates: " +
                           std::to_string(running_.certificates.size()));
  }

  void stop(int signal) {
    if (std::exchange(stopping_, true)) return;
    service_.log.notice("", std::string("stopping on ") +
                                (signal == SIGINT ? "SIGINT" : "SIGTERM") +
                                (lanes_.rolling_out() ? ", after the rollout in hand" : ""));
    lanes_.stop([this] { leave(service_, done); });
    wait_for_rollouts();
  }

  // Lanes that hang in a read do not keep the process once no rollout is under way.
  void wait_for_rollouts() {
    patience_.expires_after(patience);
    patience_.async_wait([this](boost::system::error_code) {
      if (!lanes_.rolling_out()) leave(service_, done);
      wait_for_rollouts();
    });
  }

  Service& service_;
  RunOptions options_;
  settings::Settings running_;
  asio::signal_set signals_;
  asio::steady_timer patience_;
  rollout::Lanes lanes_;
  bool reloading_ = false;
  bool reload_again_ = false;
  bool stopping_ = false;
};

}  // namespace

int run(RunOptions const& options, hook::Registry const& registry) {
  auto settings = settings::read(options.file);
  if (!settings) {
    print(settings.error());
    return configuration;
  }
  auto opened = journal::open_database(settings->agent.state);
  if (!opened) {
    print_failure(opened.error().text());
    return failure;
  }
  Service service(settings->agent.log, std::move(opened->journal));
  if (!opened->note.empty()) service.log.warning("", opened->note);
  Daemon daemon(service, options, std::move(*settings), registry);
  return daemon.run();
}

}  // namespace certpivot::command
