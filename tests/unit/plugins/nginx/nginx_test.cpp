#include "plugins/nginx/nginx.hpp"

#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <stdexcept>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include <doctest/doctest.h>

#include "loop/asio.hpp"
#include "plugins/target/proc.hpp"
#include "process/child.hpp"
#include "support/holds.hpp"
#include "support/pki.hpp"
#include "support/port.hpp"
#include "support/run_task.hpp"
#include "support/temp_directory.hpp"
#include "unit/plugins/test_process.hpp"

using namespace certpivot;
using namespace certpivot::plugins;
using namespace std::chrono_literals;
using certpivot::testing::run_task;
using certpivot::testing::TempDirectory;
using testing::holds;

namespace {

constexpr auto binary = "/usr/sbin/nginx";

/// A real nginx in a directory and on a port of its own, a child of the test.
class Nginx {
 public:
  explicit Nginx(std::string const& more = {}) {
    use(authority_.issue());
    auto const at = directory_.string();
    auto const port = std::to_string(testing::free_port());
    std::string temporary;
    for (auto const* kind : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"}) {
      temporary += std::string(kind) + "_temp_path " + at + "/" + kind + "; ";
    }
    directory_.write("nginx.conf", "daemon off; worker_processes 1; error_log " + at +
                                       "/error.log notice;\npid " + at + "/nginx.pid;\n" + more +
                                       "\nevents { worker_connections 64; }\nhttp { " +
                                       "access_log off; " + temporary +
                                       "\nserver { listen 127.0.0.1:" + port +
                                       " ssl; ssl_certificate " + at +
                                       "/tls.crt; ssl_certificate_key " + at + "/tls.key; } }\n");
  }
  Nginx(Nginx const&) = delete;
  Nginx& operator=(Nginx const&) = delete;
  ~Nginx() { stop(); }

  void use(testing::Pair const& pair) const {
    directory_.write("tls.crt", pair.certificate_pem);
    directory_.write("tls.key", pair.key_pem);
  }
  void use_mismatched_pair() const {
    directory_.write("tls.crt", authority_.issue().certificate_pem);
  }

  void start() {
    pid_ = ::fork();
    if (pid_ == 0) {
      auto const config = config_path();
      for (auto number = 1; number < NSIG; ++number) ::signal(number, SIG_DFL);
      ::execl(binary, binary, "-c", config.c_str(), nullptr);
      ::_exit(127);
    }
    auto const deadline = std::chrono::steady_clock::now() + 20s;
    while (!holds(log(), "start worker process")) {
      if (std::chrono::steady_clock::now() > deadline) throw std::runtime_error("nginx: " + log());
      std::this_thread::yield();
    }
  }
  void stop() {
    if (pid_ < 0) return;
    ::kill(pid_, SIGTERM);
    ::waitpid(pid_, nullptr, 0);
    pid_ = -1;
  }
  [[nodiscard]] ::pid_t pid() const { return pid_; }
  [[nodiscard]] bool runs() const { return ::waitpid(pid_, nullptr, WNOHANG) == 0; }

  [[nodiscard]] std::string log() const {
    auto const path = directory_ / "error.log";
    return std::filesystem::exists(path) ? testing::read_file(path) : "";
  }
  [[nodiscard]] std::string config_path() const { return (directory_ / "nginx.conf").string(); }
  [[nodiscard]] TempDirectory const& directory() const { return directory_; }

  [[nodiscard]] std::unique_ptr<hook::Hook> hook(std::string const& program = {},
                                                 Duration timeout = 20s) {
    settings::Hook settings;
    settings.type = "nginx";
    settings.nginx.config = config_path();
    settings.nginx.binary = program;
    settings.timeout = timeout;
    return make_nginx_hook(settings, {log_, "web", testing::lasting_workers()});
  }

 private:
  testing::Authority authority_ = testing::Authority();
  TempDirectory directory_ = {};
  Log log_{LogLevel::error, LogFormat::text, false};
  ::pid_t pid_ = -1;
};

/// An nginx that says what a test needs `nginx -t` to say, and the rest like the real one.
std::string agreeable_nginx(Nginx const& nginx) {
  return nginx.directory()
      .write("agreeable",
             "#!/bin/sh\n[ \"$1\" = -t ] && exit 0\n[ \"$1\" = -T ] && { echo '# configuration "
             "file x:'; "
             "cat \"$3\"; exit 0; }\nexec /usr/sbin/nginx \"$@\"\n",
             0755)
      .string();
}

}  // namespace

TEST_CASE("when the reload is done, no worker with the old files takes a connection") {
  Nginx nginx;
  nginx.start();
  auto const hook = nginx.hook();
  for (auto round = 0; round < 5; ++round) {
    auto const deadline = std::chrono::steady_clock::now() + 20s;
    auto before = children_of(nginx.pid());
    while (before.empty() && std::chrono::steady_clock::now() < deadline)
      before = children_of(nginx.pid());  // the log tells of a worker before it is there
    REQUIRE_FALSE(before.empty());
    nginx.use(testing::Authority().issue());
    REQUIRE(run_task(hook->reload({})).has_value());
    for (auto const& [pid, start] : before) CHECK(title_of(pid) != "nginx: worker process");
  }
}

TEST_CASE("nginx reloads a good pair with new workers, once and again") {
  Nginx nginx;
  nginx.start();
  auto const hook = nginx.hook();
  REQUIRE(run_task(hook->check({})).has_value());
  CHECK(!holds(nginx.log(), "reconfiguring"));
  for (auto round = 0; round < 2; ++round) {
    nginx.use(testing::Authority().issue());
    auto const answer = run_task(hook->reload({}));
    CHECK_MESSAGE(answer.has_value(), (answer ? "" : answer.error().text()));
  }
  CHECK(holds(nginx.log(), "reconfiguring"));
  CHECK(nginx.runs());
}

TEST_CASE(
    "nginx -t refuses a mismatched pair, its reason is in the failure, and no signal is sent") {
  Nginx nginx;
  nginx.start();
  auto const hook = nginx.hook();
  nginx.use_mismatched_pair();
  for (auto const& answer : {run_task(hook->check({})), run_task(hook->reload({}))}) {
    REQUIRE(!answer.has_value());
    CHECK(holds(answer.error().text(), "nginx -t refuses the configuration"));
    CHECK(holds(answer.error().text(), "[emerg]"));
    CHECK(holds(answer.error().text(), "key values mismatch"));
  }
  CHECK(!holds(nginx.log(), "reconfiguring"));
  CHECK(nginx.runs());
}

TEST_CASE("a master that does not take the files is a failure with the error log's reason") {
  Nginx nginx;
  nginx.start();
  auto const hook = nginx.hook(agreeable_nginx(nginx));
  REQUIRE(run_task(hook->check({})).has_value());
  nginx.use_mismatched_pair();
  auto const answer = run_task(hook->reload({}));
  REQUIRE(!answer.has_value());
  CHECK(holds(answer.error().text(), "keeps serving the old ones"));
  CHECK(holds(answer.error().text(), "key values mismatch"));
  CHECK(nginx.runs());
  nginx.use(testing::Authority().issue());
  CHECK(run_task(hook->reload({})).has_value());
}

TEST_CASE("without a readable log, no new worker within the limit is a failure too") {
  Nginx nginx;
  nginx.start();
  auto const script = nginx.directory().write(
      "agreeable",
      "#!/bin/sh\n[ \"$1\" = -t ] && exit 0\n[ \"$1\" = -T ] && { echo '# configuration file x:'; "
      "sed s/error_log.*notice/error_log\\ stderr/ \"$3\"; exit 0; }\nexec /usr/sbin/nginx "
      "\"$@\"\n",
      0755);
  auto const hook = nginx.hook(script.string(), 2s);
  nginx.use_mismatched_pair();
  auto const answer = run_task(hook->reload({}));
  REQUIRE(!answer.has_value());
  CHECK(holds(answer.error().text(), "started no new worker"));
  CHECK(holds(answer.error().text(), "cannot be read"));
}

TEST_CASE("an nginx that is not running is told at the check and at the reload") {
  Nginx nginx;
  auto const hook = nginx.hook();
  for (auto const& answer : {run_task(hook->check({})), run_task(hook->reload({}))}) {
    REQUIRE(!answer.has_value());
    CHECK(holds(answer.error().text(), "not running"));
  }
}

TEST_CASE("an nginx that has stopped leaves no pidfile, one that was killed a stale one") {
  Nginx nginx;
  nginx.start();
  auto const hook = nginx.hook();
  REQUIRE(run_task(hook->check({})).has_value());
  auto const pid = nginx.directory().read("nginx.pid");
  nginx.stop();
  CHECK(!run_task(hook->reload({})).has_value());
  nginx.directory().write("nginx.pid", pid);
  auto const answer = run_task(hook->reload({}));
  REQUIRE(!answer.has_value());
  CHECK(holds(answer.error().text(), "stale pidfile"));
}

TEST_CASE("an nginx that runs without workers reloads too") {
  Nginx nginx("master_process off;");
  testing::TestProcess const sleeper(testing::sleeping([] { ::signal(SIGHUP, [](int) {}); }));
  nginx.directory().write("nginx.pid", sleeper.text());
  CHECK(run_task(nginx.hook()->reload({})).has_value());
}

TEST_CASE("a binary that is missing is told by its path") {
  Nginx nginx;
  auto const answer = run_task(nginx.hook("/nowhere/nginx")->check({}));
  REQUIRE(!answer.has_value());
  CHECK(holds(answer.error().text(), "/nowhere/nginx"));
}
