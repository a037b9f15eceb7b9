#include <csignal>
#include <memory>
#include <utility>

#include "command/exit_code.hpp"
#include "command/service.hpp"
#include "command/verbs.hpp"
#include "journal/database.hpp"
#include "rollout/lanes.hpp"
#include "settings/read.hpp"

namespace certpivot::command {

namespace {

// How long a stop waits for lanes that only read; a rollout in hand is waited for whatever it takes.
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
        lanes_(service.loop.get_executor(), service.world(), service.watcher, service.evidence,
               registry) {}

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
      if (signal == SIGHUP)
        reload();
      else
        stop(signal);
      wait_for_signal();
    });
  }

  void reload() {
    auto read = settings::read(options_.file);
    if (!read) {
      std::vector<event::Reason> reasons;
      std::string sentence = options_.file + " was not taken over, the configuration before it stays in force";
      for (settings::Complaint const& complaint : read.error()) {
        reasons.push_back({"configuration", complaint.sentence()});
        sentence += "; " + complaint.sentence();
      }
      tell_configuration(service_.log, service_.wall.now(), event::Kind::configuration_refused,
                         std::move(reasons), sentence);
      return;
    }
    if (read->agent.state != running_.agent.state)
      service_.log.warning("", "agent.state takes effect at the next start; still using " +
                                   running_.agent.state);
    if (auto const applied = lanes_.apply(read->certificates); !applied) {
      tell_configuration(service_.log, service_.wall.now(), event::Kind::configuration_refused,
                         {{"configuration", applied.error().text()}}, applied.error().text());
      return;
    }
    read->agent.state = running_.agent.state;
    running_ = std::move(*read);
    service_.log.configure(running_.agent.log.level, running_.agent.log.format);
    tell_loaded();
  }

  void tell_loaded() {
    tell_configuration(service_.log, service_.wall.now(), event::Kind::configuration_loaded, {},
                       options_.file + " is in force, with " +
                           std::to_string(running_.certificates.size()) + " certificates");
  }

  void stop(int signal) {
    if (std::exchange(stopping_, true)) return;
    service_.log.notice("", std::string("stopping on ") + (signal == SIGINT ? "SIGINT" : "SIGTERM") +
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
  bool stopping_ = false;
};

}  // namespace

int run(RunOptions const& options, hook::Registry const& registry) {
  auto settings = settings::read(options.file);
  if (!settings) {
    print(settings.error());
    return configuration;
  }
  harden_process();
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
