#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <sys/types.h>
#include <vector>

/// What the benches share: a place, processes, and numbers.
namespace certpivot::bench {

using Clock = std::chrono::steady_clock;
using Millis = std::chrono::duration<double, std::milli>;

[[noreturn]] void give_up(std::string const& what);

void write(std::filesystem::path const& path, std::string const& text);

/// A directory of its own, removed at the end.
class Place {
 public:
  explicit Place(std::filesystem::path const& under);
  Place(Place const&) = delete;
  Place& operator=(Place const&) = delete;
  Place(Place&&) = delete;
  Place& operator=(Place&&) = delete;
  ~Place();
  [[nodiscard]] std::filesystem::path const& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// A program whose output goes to a file; ended by its own pid.
class Process {
 public:
  Process(std::vector<std::string> words, std::filesystem::path const& output);
  Process(Process const&) = delete;
  Process& operator=(Process const&) = delete;
  Process(Process&&) = delete;
  Process& operator=(Process&&) = delete;
  ~Process() { stop(); }
  [[nodiscard]] ::pid_t pid() const { return pid_; }
  int wait();
  void stop();

 private:
  ::pid_t pid_ = 0;
};

/// Until the daemon's log has `count` lines with `words`.
void wait_for(std::filesystem::path const& log, std::string const& words, std::size_t count = 1);
/// Until the daemon has dealt with what its sources held.
void wait_until_ready(std::filesystem::path const& log);

[[nodiscard]] double median(std::vector<double> values);
[[nodiscard]] double percentile90(std::vector<double> values);

}  // namespace certpivot::bench
