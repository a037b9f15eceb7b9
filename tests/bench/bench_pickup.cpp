// How long each server of config/examples takes after the pivot until the first handshake shows the
// new pair, and until the last one shows the old: by certpivot, and by the same trigger given by
// hand. What certpivot adds is the difference.
//
// By hand: the files are written beside, `current` is renamed, and the recipe's own hooks are done
// by plain system calls: the signal sent, the command run, the haproxy answered. One client makes
// handshakes without pause, so a time is as fine as one of them takes.
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <functional>
#include <map>
#include <mutex>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

// The tests' servers check with doctest what they do.
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include "base/unique_fd.hpp"
#include "plugins/target/target.hpp"
#include "recipes/servers.hpp"
#include "recipes/staged_recipe.hpp"
#include "settings/read.hpp"
#include "stage.hpp"
#include "support/haproxy.hpp"
#include "support/program.hpp"

namespace fs = std::filesystem;
using namespace certpivot::bench;
using namespace certpivot::testing;
namespace settings = certpivot::settings;
using certpivot::UniqueFd;

namespace {

constexpr int rotations = 15;
constexpr auto apart = std::chrono::milliseconds(300);

/// One client that keeps looking, and when it saw what.
class Watcher {
 public:
  Watcher(StagedRecipe const& staged, Pair client)
      : thread_([this, &staged, client = std::move(client)] {
          while (!stopping_) {
            auto const began = Clock::now();
            Look const look = staged.look(client);
            std::scoped_lock const alone(mutex_);
            if (look.fingerprint.empty()) continue;
            last_began_[look.fingerprint] = began;
            first_ended_.try_emplace(look.fingerprint, Clock::now());
          }
        }) {}
  Watcher(Watcher const&) = delete;
  Watcher& operator=(Watcher const&) = delete;
  Watcher(Watcher&&) = delete;
  Watcher& operator=(Watcher&&) = delete;
  ~Watcher() {
    stopping_ = true;
    thread_.join();
  }

  [[nodiscard]] bool has_seen(Pair const& pair) const {
    std::scoped_lock const alone(mutex_);
    return first_ended_.contains(pair.fingerprint);
  }
  [[nodiscard]] Clock::time_point first(Pair const& pair) const {
    std::scoped_lock const alone(mutex_);
    return first_ended_.at(pair.fingerprint);
  }
  [[nodiscard]] Clock::time_point last(Pair const& pair) const {
    std::scoped_lock const alone(mutex_);
    return last_began_.at(pair.fingerprint);
  }

 private:
  mutable std::mutex mutex_ = {};
  std::map<std::string, Clock::time_point> first_ended_ = {};
  std::map<std::string, Clock::time_point> last_began_ = {};
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

/// When `current` was renamed last.
class Pivots {
 public:
  explicit Pivots(fs::path const& published) : fd_(::inotify_init1(IN_CLOEXEC)) {
    if (::inotify_add_watch(fd_.get(), published.c_str(), IN_MOVED_TO) < 0) give_up("inotify");
  }
  Clock::time_point next() {
    alignas(inotify_event) char buffer[4096];
    while (true) {
      auto const got = ::read(fd_.get(), buffer, sizeof buffer);
      auto const at = Clock::now();
      if (got <= 0) give_up("inotify");
      for (char const* place = buffer; place < buffer + got;) {
        auto const* const event = reinterpret_cast<inotify_event const*>(place);
        if (std::strcmp(event->name, "current") == 0) return at;
        place += sizeof(inotify_event) + event->len;
      }
    }
  }

 private:
  UniqueFd fd_;
};

struct Times {
  std::vector<double> first_new = {};
  std::vector<double> last_old = {};
};

/// Rotates by `change`, which returns when the pivot was.
Times measure(StagedRecipe& staged, Pair before,
              std::function<Clock::time_point(Pair const&)> change, Pair& last) {
  Times times;
  Watcher const watcher(staged, staged.first());
  wait_until("the client was served", [&] { return watcher.has_seen(before); });
  for (int i = 0; i < rotations; ++i) {
    Pair const next = staged.issue(staged.a());
    auto const pivot = change(next);
    wait_until("the new pair is served", [&] { return watcher.has_seen(next); });
    std::this_thread::sleep_for(apart);  // old workers may go on
    times.first_new.push_back(Millis(watcher.first(next) - pivot).count());
    times.last_old.push_back(Millis(watcher.last(before) - pivot).count());
    before = next;
  }
  last = before;
  return times;
}

Times by_certpivot(StagedRecipe& staged, Pair& last) {
  Daemon& daemon = staged.run();
  Pivots pivots(staged.published());
  auto times = measure(
      staged, staged.first(),
      [&](Pair const& pair) {
        staged.offer(pair, staged.a().pem());
        auto const pivot = pivots.next();
        if (daemon.ending_of(pair.fingerprint).event != "committed") give_up(daemon.output());
        return pivot;
      },
      last);
  daemon.stop();
  return times;
}

/// A generation with the owners and modes of the one in force; its number.
int write_generation(fs::path const& published, Pair const& pair, std::string const& ca) {
  fs::path const current = published / fs::read_symlink(published / "current");
  int const number = std::stoi(current.filename()) + 1;
  fs::path const next = published / "generations" / std::to_string(number);
  fs::create_directory(next);
  for (auto const& entry : fs::directory_iterator(current)) {
    fs::path const name = entry.path().filename();
    write(next / name, name == "tls.key"   ? pair.key_pem
                       : name == "tls.crt" ? pair.certificate_pem
                                           : ca);
  }
  for (fs::path const& name :
       {fs::path("."), fs::path("tls.key"), fs::path("tls.crt"), fs::path("ca.crt")}) {
    struct ::stat facts {};
    if (::stat((current / name).c_str(), &facts) != 0) continue;
    if (::chown((next / name).c_str(), facts.st_uid, facts.st_gid) != 0) give_up("chown");
    if (::chmod((next / name).c_str(), facts.st_mode & 07777) != 0) give_up("chmod");
  }
  return number;
}

std::string without_empty_lines(std::string const& text) {
  std::string kept;
  for (char const letter : text)
    if (letter != '\n' || (!kept.empty() && kept.back() != '\n')) kept += letter;
  return kept;
}

void signal_by(std::string const& pidfile, int signal) {
  std::ifstream file(pidfile);
  ::pid_t pid = 0;
  if (!(file >> pid) || ::kill(pid, signal) != 0) give_up("cannot signal by " + pidfile);
}

void trigger(settings::Hook const& hook, fs::path const& published, Pair const& pair) {
  if (hook.type == "signal") {
    signal_by(hook.signal.pidfile, certpivot::plugins::signal_number(hook.signal.signal));
  } else if (hook.type == "nginx") {
    signal_by(hook.nginx.pidfile, SIGHUP);
  } else if (hook.type == "exec") {
    if (run_program(hook.exec.command).exit_code != 0)
      give_up(hook.exec.command.front() + " failed");
  } else if (hook.type == "haproxy" && !hook.haproxy.socket.empty()) {
    std::string const name = published / "tls.crt";
    (void)Haproxy::ask(hook.haproxy.socket,
                       "set ssl cert " + name + " <<\n" +
                           without_empty_lines(pair.certificate_pem + pair.key_pem) +
                           "\ncommit ssl cert " + name + "\n");
  } else if (hook.type == "haproxy") {
    (void)Haproxy::ask(hook.haproxy.master_socket, "reload\n");
  }
}

Times by_hand(StagedRecipe& staged, Pair const& in_force) {
  auto const read = settings::read(staged.config());
  if (!read) give_up("the recipe cannot be read");
  auto const& hooks = read->certificates.at(0).hooks;
  Pair last;
  return measure(
      staged, in_force,
      [&](Pair const& pair) {
        int const number = write_generation(staged.published(), pair, staged.a().pem());
        fs::path const link = staged.published() / "next";
        fs::create_symlink("generations/" + std::to_string(number), link);
        fs::rename(link, staged.published() / "current");
        auto const pivot = Clock::now();
        for (settings::Hook const& hook : hooks) trigger(hook, staged.published(), pair);
        return pivot;
      },
      last);
}

void compare(char const* name, RecipeServer const& server) {
  StagedRecipe staged(server);
  Pair last;
  Times const ours = by_certpivot(staged, last);
  Times const hand = by_hand(staged, last);
  std::printf("| %s | %.1f / %.1f | %.1f / %.1f | **%+.1f / %+.1f** |\n", name,
              median(hand.first_new), median(hand.last_old), median(ours.first_new),
              median(ours.last_old), median(ours.first_new) - median(hand.first_new),
              median(ours.last_old) - median(hand.last_old));
  (void)std::fflush(stdout);
}

}  // namespace

int main() try {
  doctest::Context context;
  context.setAsDefaultForAssertsOutOfTestCases();
  std::printf(
      "| from the pivot, median of %d | by hand: first new / last old, ms | certpivot, ms | "
      "certpivot "
      "adds, ms |\n|---|---|---|---|\n",
      rotations);
  compare("nginx", nginx_server());
  compare("haproxy, runtime API", haproxy_server());
  compare("haproxy, reload", haproxy_by_reload_server());
  compare("hitch", hitch_server());
  compare("Apache", apache_server());
  compare("stunnel", stunnel_server());
  compare("PostgreSQL", postgresql_server());
  compare("Redis", redis_server());
  compare("Caddy", caddy_server());
  compare("Node https", node_https_server());
  compare("Python", python_server());
  compare("Go", go_server());
  return 0;
} catch (std::exception const& error) {
  (void)std::fprintf(stderr, "bench: %s\n", error.what());
  return 1;
}
