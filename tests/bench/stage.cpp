#include "stage.hpp"

#include <algorithm>
#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <spawn.h>
#include <sstream>
#include <stdexcept>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

extern char** environ;

namespace certpivot::bench {

namespace fs = std::filesystem;

void give_up(std::string const& what) { throw std::runtime_error(what); }

void write(fs::path const& path, std::string const& text) {
  std::ofstream file(path, std::ios::trunc);
  file << text;
  if (!file.flush()) give_up("cannot write " + path.string());
}

Place::Place(fs::path const& under)
    : path_(under / ("certpivot-bench-" + std::to_string(::getpid()))) {
  fs::create_directories(path_);
}

Place::~Place() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

Process::Process(std::vector<std::string> words, fs::path const& output) {
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions{};
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 1, output.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  posix_spawn_file_actions_adddup2(&actions, 1, 2);
  posix_spawnattr_t attributes{};
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  if (::posix_spawn(&pid_, argv[0], &actions, &attributes, argv.data(), environ) != 0)
    give_up("cannot start " + words.front());
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
}

int Process::wait() {
  int status = 0;
  ::waitpid(pid_, &status, 0);
  pid_ = 0;
  return status;
}

void Process::stop() {
  if (pid_ == 0) return;
  ::kill(pid_, SIGTERM);
  (void)wait();
}

void wait_for(fs::path const& log, std::string const& words, std::size_t count) {
  for (auto const until = Clock::now() + std::chrono::minutes(3); Clock::now() < until;) {
    std::ifstream file(log);
    std::size_t found = 0;
    for (std::string line; std::getline(file, line);)
      if (line.find(words) != std::string::npos) ++found;
    if (found >= count) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  give_up("'" + words + "' did not come in time in " + log.string());
}

void wait_until_ready(fs::path const& log) { wait_for(log, "every source was read"); }

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values.empty() ? 0 : values[values.size() / 2];
}

double percentile90(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values.empty() ? 0 : values[values.size() * 9 / 10];
}

}  // namespace certpivot::bench
