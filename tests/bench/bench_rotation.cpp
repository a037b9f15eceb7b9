// Measures certpivot beside bare_loop.cpp in one run and prints ratios. Nothing here passes or
// fails by a time.
//
// 1. From the rename of ..data to the signal in the target (this process), one certificate,
// rotations
//    300 ms apart so that caches are as cold as in life; everything on tmpfs, where flushing is
//    free, and everything on the disk, where both flush.
// 2. Idle: wake-ups in 10 s, and the proportional set size.
// 3. Start with 1,000 certificates until the last one is in force, beside the bare validation of
// them.
#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <optional>
#include <poll.h>
#include <sstream>
#include <string>
#include <sys/signalfd.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include "base/unique_fd.hpp"
#include "stage.hpp"
#include "support/pki.hpp"

namespace fs = std::filesystem;
using namespace certpivot::bench;
using certpivot::UniqueFd;

namespace {

constexpr int rotations = 40;
constexpr auto apart = std::chrono::milliseconds(300);
constexpr int many = 1'000;

// A Secret volume as kubelet writes it.
class Volume {
 public:
  Volume(fs::path path, std::string ca) : path_(std::move(path)), ca_(std::move(ca)) {
    fs::create_directories(path_);
  }
  Clock::time_point flip(certpivot::testing::Pair const& pair) {
    std::string const version = "..v" + std::to_string(++number_);
    fs::create_directories(path_ / version);
    write(path_ / version / "tls.crt", pair.certificate_pem);
    write(path_ / version / "tls.key", pair.key_pem);
    write(path_ / version / "ca.crt", ca_);
    std::error_code error;
    fs::create_symlink(version, path_ / "..data_tmp", error);
    for (char const* name : {"tls.crt", "tls.key", "ca.crt"})
      if (!fs::is_symlink(path_ / name))
        fs::create_symlink(std::string("..data/") + name, path_ / name);
    auto const began = Clock::now();
    fs::rename(path_ / "..data_tmp", path_ / "..data");
    return began;
  }
  [[nodiscard]] fs::path const& path() const { return path_; }

 private:
  fs::path path_;
  std::string ca_;
  int number_ = 0;
};

// SIGHUP comes by a descriptor, so that receiving it costs one poll(2).
class Target {
 public:
  Target() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGHUP);
    if (::sigprocmask(SIG_BLOCK, &set, nullptr) != 0) give_up("sigprocmask");
    fd_ = UniqueFd(::signalfd(-1, &set, SFD_CLOEXEC));
  }
  // When the next signal came, or nothing within five seconds.
  std::optional<Clock::time_point> next() {
    ::pollfd waiting{fd_.get(), POLLIN, 0};
    if (::poll(&waiting, 1, 5'000) != 1) return std::nullopt;
    auto const at = Clock::now();
    signalfd_siginfo info{};
    if (::read(fd_.get(), &info, sizeof info) <= 0) return std::nullopt;
    return at;
  }

 private:
  UniqueFd fd_;
};

std::vector<double> rotate(Volume& volume, std::vector<certpivot::testing::Pair> const& pairs,
                           Target& target) {
  std::vector<double> took;
  for (auto const& pair : pairs) {
    std::this_thread::sleep_for(apart);
    auto const began = volume.flip(pair);
    auto const came = target.next();
    if (!came) give_up("a rotation did not reach the target");
    took.push_back(Millis(*came - began).count());
  }
  return took;
}

std::string configuration(fs::path const& root, int certificates, bool hook) {
  std::ostringstream text;
  text << "[agent]\nstate = \"" << (root / "state").string() << "\"\n";
  for (int i = 0; i < certificates; ++i) {
    std::string const name = "c" + std::to_string(i);
    text << "[[certificate]]\nname = \"" << name << "\"\n[certificate.source]\ndirectory = \""
         << (root / "source" / name).string() << "\"\n[certificate.trust]\nanchors = \""
         << (root / "ca.crt").string() << "\"\n[certificate.publish]\ndirectory = \""
         << (root / "publish" / name).string() << "\"\n";
    if (hook)
      text << "[[certificate.hook]]\ntype = \"signal\"\nsignal = \"HUP\"\npidfile = \""
           << (root / "target.pid").string() << "\"\n";
  }
  return text.str();
}

void print_ratio(char const* what, std::vector<double> const& bare,
                 std::vector<double> const& ours) {
  std::printf("| %s | %.2f / %.2f | %.2f / %.2f | **%.2f** |\n", what, median(bare),
              percentile90(bare), median(ours), percentile90(ours), median(ours) / median(bare));
}

void latency(char const* what, fs::path const& under, bool flush, Target& target) {
  Place const place(under);
  certpivot::testing::Authority const root;
  auto const intermediate = root.intermediate();
  write(place.path() / "ca.crt", root.pem());
  write(place.path() / "target.pid", std::to_string(::getpid()) + "\n");
  std::vector<certpivot::testing::Pair> pairs;
  for (int i = 0; i <= rotations; ++i)
    pairs.push_back(intermediate.issue(
        {.not_before = certpivot::testing::from_now(std::chrono::minutes(i - rotations - 1))}));
  auto const first = pairs.front();
  pairs.erase(pairs.begin());

  std::vector<double> bare;
  {
    Volume volume(place.path() / "bare-source", root.pem());
    (void)volume.flip(first);
    Process const loop(
        {BARE_LOOP, "watch", volume.path(), place.path() / "ca.crt", place.path() / "bare-publish",
         std::to_string(::getpid()), flush ? "flush" : "fast"},
        place.path() / "bare.log");
    bare = rotate(volume, pairs, target);
  }
  Volume volume(place.path() / "source" / "c0", root.pem());
  (void)volume.flip(first);
  write(place.path() / "certpivot.toml", configuration(place.path(), 1, true));
  Process const daemon({CERTPIVOT_BINARY, "run", "-c", place.path() / "certpivot.toml"},
                       place.path() / "daemon.log");
  wait_until_ready(place.path() / "daemon.log");
  if (!target.next()) give_up("the first generation's signal did not come");
  print_ratio(what, bare, rotate(volume, pairs, target));
}

long field(pid_t pid, char const* file, std::string const& name) {
  std::ifstream text("/proc/" + std::to_string(pid) + "/" + file);
  for (std::string line; std::getline(text, line);)
    if (line.starts_with(name)) return std::stol(line.substr(name.size()));
  give_up("no " + name + " in /proc");
}

long wake_ups(pid_t pid) {
  long sum = 0;
  for (auto const& task : fs::directory_iterator("/proc/" + std::to_string(pid) + "/task"))
    sum += field(std::stoi(task.path().filename().string()), "status", "voluntary_ctxt_switches:");
  return sum;
}

void idle() {
  Place const place("/tmp");
  certpivot::testing::Authority const root;
  write(place.path() / "ca.crt", root.pem());
  Volume volume(place.path() / "source" / "c0", root.pem());
  (void)volume.flip(root.issue());
  write(place.path() / "certpivot.toml", configuration(place.path(), 1, false));
  Process const daemon({CERTPIVOT_BINARY, "run", "-c", place.path() / "certpivot.toml"},
                       place.path() / "daemon.log");
  wait_until_ready(place.path() / "daemon.log");
  std::this_thread::sleep_for(std::chrono::seconds(8));  // workers without work end by then
  long const before = wake_ups(daemon.pid());
  std::this_thread::sleep_for(std::chrono::seconds(10));
  long const woken = wake_ups(daemon.pid()) - before;
  long const fresh = field(daemon.pid(), "smaps_rollup", "Pss:");
  for (int i = 0; i < 5; ++i) {
    std::this_thread::sleep_for(apart);
    (void)volume.flip(root.issue());
  }
  std::this_thread::sleep_for(std::chrono::seconds(8));
  std::printf(
      "\nIdle with one certificate: %ld wake-ups in 10 s between two polls, PSS %ld KiB after the "
      "start, %ld KiB after five rotations (private dirty %ld KiB).\n",
      woken, fresh, field(daemon.pid(), "smaps_rollup", "Pss:"),
      field(daemon.pid(), "smaps_rollup", "Private_Dirty:"));
}

void start() {
  Place const place("/dev/shm");
  certpivot::testing::Authority const root;
  auto const intermediate = root.intermediate();
  write(place.path() / "ca.crt", root.pem());
  std::vector<std::string> bare{BARE_LOOP, "verify", place.path() / "ca.crt"};
  for (int i = 0; i < many; ++i) {
    Volume volume(place.path() / "source" / ("c" + std::to_string(i)), root.pem());
    (void)volume.flip(intermediate.issue());
    bare.push_back(volume.path());
  }
  auto began = Clock::now();
  Process plain(bare, place.path() / "bare.log");
  if (plain.wait() != 0) give_up("the bare validation refused something");
  double const bare_took = Millis(Clock::now() - began).count();

  write(place.path() / "certpivot.toml", configuration(place.path(), many, false));
  auto const start_once = [&](char const* what) {
    began = Clock::now();
    Process const daemon({CERTPIVOT_BINARY, "run", "-c", place.path() / "certpivot.toml"},
                         place.path() / "daemon.log");
    wait_until_ready(place.path() / "daemon.log");
    double const took = Millis(Clock::now() - began).count();
    std::printf("%s: %.0f ms, the bare validation alone %.0f ms, ratio **%.2f**.\n", what, took,
                bare_took, took / bare_took);
  };
  std::printf("\n");
  start_once("First start with 1,000 certificates: all judged, published and committed");
  start_once("Start with 1,000 certificates that are in force");
}

}  // namespace

int main() try {
  Target target;
  std::printf(
      "| rename of ..data to the signal, %d rotations %d ms apart | bare: median / p90, ms "
      "| certpivot, ms | ratio |\n|---|---|---|---|\n",
      rotations, static_cast<int>(apart.count()));
  latency("tmpfs, flushing is free", "/dev/shm", false, target);
  latency("disk, both flush", "/tmp", true, target);
  idle();
  start();
  return 0;
} catch (std::exception const& error) {
  (void)std::fprintf(stderr, "bench: %s\n", error.what());
  return 1;
}
