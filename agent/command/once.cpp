#include <algorithm>
#include <csignal>
#include <memory>
#include <utility>
#include <vector>

#include "command/exit_code.hpp"
#include "command/service.hpp"
#include "command/verbs.hpp"
#include "journal/database.hpp"
#include "publish/lock.hpp"
#include "rollout/lanes.hpp"
#include "settings/read.hpp"

namespace certpivot::command {

namespace {

// The worst of them: a refusal is for people, what failed or is missing may be better next time.
int code_of(std::vector<rollout::Pass> const& passes) {
  auto const any = [&](rollout::Pass pass) {
    return std::find(passes.begin(), passes.end(), pass) != passes.end();
  };
  if (any(rollout::Pass::refused)) return refused;
  if (any(rollout::Pass::failed)) return failure;
  if (any(rollout::Pass::nothing)) return nothing_usable;
  return done;
}

// Runs by flags have no state directory whose lock would keep them apart.
Result<UniqueFd> keep_others_off(settings::Settings const& settings, Duration patience) {
  auto const& publish = settings.certificates.front().publish;
  if (!settings.agent.state.empty() || !publish) return UniqueFd();
  return publish::lock_directory(publish->directory, patience);
}

int pass(Service& service, settings::Settings const& settings, hook::Registry const& registry,
         Duration timeout) {
  auto const locked = keep_others_off(settings, timeout);
  if (!locked) {
    service.log.error(settings.certificates.front().name, locked.error().text());
    return failure;
  }
  std::vector<std::unique_ptr<rollout::Lane>> lanes;
  for (settings::Certificate const& certificate : settings.certificates) {
    auto parts = rollout::assemble(certificate, registry, service.log, service.workers);
    if (!parts) {
      service.log.error(certificate.name, parts.error().text());
      return configuration;
    }
    lanes.push_back(std::make_unique<rollout::Lane>(service.loop.get_executor(), service.world(),
                                                    service.watcher, service.evidence,
                                                    std::move(*parts)));
  }
  std::vector<rollout::Pass> passes(lanes.size(), rollout::Pass::nothing);
  std::size_t left = lanes.size();
  SteadyTime const deadline = service.timer.now() + timeout;
  for (std::size_t i = 0; i < lanes.size(); ++i)
    asio::co_spawn(service.loop, lanes[i]->once(deadline),
                   [&, i](std::exception_ptr const& thrown, rollout::Pass came_to) {
                     if (thrown) std::rethrow_exception(thrown);
                     passes[i] = came_to;
                     if (--left == 0) service.loop.stop();
                   });
  bool stopped = false;
  asio::signal_set signals(service.loop, SIGTERM, SIGINT, SIGHUP);
  signals.async_wait([&](boost::system::error_code error, int) {
    if (error) return;
    stopped = true;
    for (auto const& lane : lanes) lane->stop();
  });
  service.loop.run();
  for (std::size_t i = 0; i < lanes.size(); ++i)
    if (passes[i] == rollout::Pass::nothing)
      service.log.error(
          lanes[i]->settings().name,
          (stopped ? "stopped before anything usable came"
                   : "nothing usable in the source within " + certpivot::to_text(timeout)) +
              (lanes[i]->lacking().empty() ? "" : ": " + lanes[i]->lacking()));
  leave(service, code_of(passes));
}

}  // namespace

int once(OnceOptions const& options, hook::Registry const& registry) {
  if (!options.file.empty() && options.flags != settings::Flags{}) {
    print_failure("--config and the flags, or their variables CERTPIVOT_…, exclude each other");
    return usage;
  }
  bool const from_file = options.flags == settings::Flags{};
  std::string const file = options.file.empty() ? default_file : options.file;
  auto settings = from_file ? settings::read(file) : settings::from_flags(options.flags);
  if (!settings) {
    print(settings.error());
    return from_file ? configuration : usage;
  }
  std::unique_ptr<journal::Journal> journal;
  std::string note;
  if (from_file) {
    auto opened = journal::open_database(settings->agent.state);
    if (!opened) {
      print_failure(opened.error().text());
      return failure;
    }
    journal = std::move(opened->journal);
    note = opened->note;
  } else {
    auto opened = journal::open_in_memory();
    if (!opened) {
      print_failure(opened.error().text());
      return failure;
    }
    journal = std::move(*opened);
  }
  Service service(settings->agent.log, std::move(journal));
  if (!note.empty()) service.log.warning("", note);
  return pass(service, *settings, registry, options.timeout);
}

}  // namespace certpivot::command
