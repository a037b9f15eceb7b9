#include "support/program.hpp"

#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdexcept>
#include <sys/wait.h>
#include <utility>

extern char** environ;

namespace certpivot::testing {
namespace {

struct Pipe {
  UniqueFd reader = {};
  UniqueFd writer = {};
};

Pipe make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("pipe2");
  return {UniqueFd(ends[0]), UniqueFd(ends[1])};
}

std::vector<char*> pointers_to(std::vector<std::string>& words) {
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  return pointers;
}

::pid_t spawn(std::vector<std::string> words, std::vector<std::string> environment, int out,
              int err) {
  ::posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_adddup2(&actions, out, 1);
  ::posix_spawn_file_actions_adddup2(&actions, err, 2);
  for (char** entry = environ; *entry != nullptr; ++entry) environment.emplace_back(*entry);
  auto const arguments = pointers_to(words);
  auto const variables = pointers_to(environment);
  ::pid_t pid = -1;
  int const error =
      ::posix_spawn(&pid, arguments.front(), &actions, nullptr, arguments.data(), variables.data());
  ::posix_spawn_file_actions_destroy(&actions);
  if (error != 0) throw std::runtime_error(words.front() + ": " + std::strerror(error));
  return pid;
}

int exit_code_of(int status) {
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

// Appends what is there; false at the end.
bool read_some(int fd, std::string& text) {
  char buffer[65536];
  ::ssize_t const count = ::read(fd, buffer, sizeof buffer);
  if (count > 0) text.append(buffer, static_cast<std::size_t>(count));
  return count > 0;
}

}  // namespace

void wait_until(std::string const& what, std::function<bool()> const& done) {
  auto const deadline = std::chrono::steady_clock::now() + patience;
  while (!done()) {
    if (std::chrono::steady_clock::now() > deadline) {
      throw std::runtime_error("waited in vain until " + what);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
}

void let_it_be_seen() { std::this_thread::sleep_for(std::chrono::milliseconds(60)); }

Program::Program(std::vector<std::string> const& words,
                 std::vector<std::string> const& environment) {
  Pipe output = make_pipe();
  Pipe stop = make_pipe();
  pid_ = spawn(words, environment, output.writer.get(), output.writer.get());
  reader_ = std::move(output.reader);
  stop_reader_ = std::move(stop.reader);
  stop_ = std::move(stop.writer);
  thread_ = std::thread([this] { collect(); });
}

Program::~Program() {
  if (!waited_for_) {
    ::kill(pid_, SIGKILL);
    wait();
  }
}

void Program::send(int signal) const {
  if (waited_for_) throw std::runtime_error("the program has ended already");
  ::kill(pid_, signal);
}

int Program::wait() {
  if (waited_for_) return exit_code_;
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) continue;
  waited_for_ = true;
  exit_code_ = exit_code_of(status);
  // A grandchild may still hold the pipe, so its end is not waited for.
  stop_.reset();
  thread_.join();
  return exit_code_;
}

std::string Program::output() const {
  std::lock_guard const lock(mutex_);
  return output_;
}

bool Program::wait_for_output(std::function<bool(std::string const&)> const& enough) const {
  std::unique_lock lock(mutex_);
  bool const in_time = changed_.wait_for(lock, patience, [&] { return over_ || enough(output_); });
  if (!in_time) throw std::runtime_error("waited in vain for output; there was:\n" + output_);
  return enough(output_);
}

void Program::collect() {
  bool more = true;
  while (more) {
    ::pollfd waiting[] = {{reader_.get(), POLLIN, 0}, {stop_reader_.get(), 0, 0}};
    ::poll(waiting, 2, -1);
    if (waiting[0].revents == 0) break;
    std::string text;
    more = read_some(reader_.get(), text);
    std::lock_guard const lock(mutex_);
    output_ += text;
    changed_.notify_all();
  }
  std::lock_guard const lock(mutex_);
  over_ = true;
  changed_.notify_all();
}

Outcome run_program(std::vector<std::string> const& words,
                    std::vector<std::string> const& environment) {
  Pipe out = make_pipe();
  Pipe err = make_pipe();
  ::pid_t const pid = spawn(words, environment, out.writer.get(), err.writer.get());
  out.writer.reset();
  err.writer.reset();
  Outcome outcome;
  std::thread errors([&] {
    while (read_some(err.reader.get(), outcome.err)) continue;
  });
  while (read_some(out.reader.get(), outcome.out)) continue;
  errors.join();
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) continue;
  outcome.exit_code = exit_code_of(status);
  return outcome;
}

}  // namespace certpivot::testing
