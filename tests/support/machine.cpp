#include "support/machine.hpp"

#include <array>
#include <csignal>
#include <fstream>
#include <stdexcept>
#include <unistd.h>

#include <doctest/doctest.h>

#include "support/daemon.hpp"

namespace certpivot::testing {

namespace fs = std::filesystem;

namespace {

constexpr auto nspawn = "/usr/bin/systemd-nspawn";

/// Where systemd keeps its groups: version 1, version 1 beside 2, version 2 alone.
constexpr std::array hierarchies{"/sys/fs/cgroup/systemd", "/sys/fs/cgroup/unified",
                                 "/sys/fs/cgroup"};

/// The root is this host's, and what is written over it is kept in memory. $1 is an empty
/// directory, $2 what lies over the root, $3 the cgroup.
constexpr auto prepare = R"(set -e
mount -t tmpfs -o mode=0755 machine "$1"
mkdir "$1/upper" "$1/work" "$1/root"
cp -a "$2/." "$1/upper/"
mount -t overlay -o "lowerdir=/,upperdir=$1/upper,workdir=$1/work" machine "$1/root"
for hierarchy in /sys/fs/cgroup/systemd /sys/fs/cgroup/unified /sys/fs/cgroup; do
  if [ -e "$hierarchy/cgroup.procs" ]; then
    mkdir "$hierarchy/$3"
    echo $$ > "$hierarchy/$3/cgroup.procs"
  fi
done
)";

/// In mounts of its own.
std::vector<std::string> script(std::string const& text,
                                std::vector<std::string> const& arguments) {
  std::vector<std::string> words{"/usr/bin/setpriv",
                                 "--pdeathsig",
                                 "TERM",
                                 "/usr/bin/unshare",
                                 "--mount",
                                 "--propagation",
                                 "private",
                                 "/bin/sh",
                                 "-c",
                                 text,
                                 "sh"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  return words;
}

/// Groups can be removed once nobody is in them and in those below.
void remove_cgroup(std::string const& name) {
  for (auto const* const hierarchy : hierarchies) {
    fs::path const top = fs::path(hierarchy) / name;
    if (!fs::exists(top)) continue;
    std::vector<fs::path> all{top};
    for (auto const& entry : fs::recursive_directory_iterator(top))
      if (entry.is_directory()) all.push_back(entry.path());
    for (auto one = all.rbegin(); one != all.rend(); ++one) ::rmdir(one->c_str());
  }
}

std::string unused_name() {
  static int count = 0;
  return "certpivot-test-" + std::to_string(::getpid()) + "-" + std::to_string(++count);
}

/// What lies over the host's root: nothing is started but what a test starts, and the bus. Above
/// all not systemd-tmpfiles, which clears /tmp at each boot.
void write_upper(TempDirectory const& directory, std::map<std::string, std::string> const& units) {
  directory.write("upper/etc/fstab", "");
  directory.write("upper/etc/machine-id", "0123456789abcdef0123456789abcdef\n", 0444);
  fs::path const own = directory.make("upper/etc/systemd/system");
  for (auto const* const unwanted :
       {"systemd-tmpfiles-setup.service", "systemd-tmpfiles-clean.timer", "tmp.mount"})
    fs::create_symlink("/dev/null", own / unwanted);
  fs::create_symlink("test.target", own / "default.target");
  write_file(own / "test.target", "[Unit]\nRequires=dbus.socket\nAfter=dbus.socket\n", 0644);
  for (auto const& [name, text] : units) write_file(own / name, text, 0644);
  for (auto const& entry : fs::recursive_directory_iterator(directory / "upper"))
    if (entry.is_directory()) fs::permissions(entry.path(), fs::perms(0755));
  fs::permissions(directory / "upper", fs::perms(0755));
}

}  // namespace

bool Machine::possible() {
  std::string why;
  if (::geteuid() != 0) why = "that needs root";
  if (why.empty() && ::access(nspawn, X_OK) != 0) why = "there is no systemd-nspawn";
  if (why.empty()) {
    TempDirectory const directory;
    auto const name = unused_name();
    directory.make("upper");
    auto const tried = run_program(
        script(prepare, {directory.make("mount").string(), (directory / "upper").string(), name}));
    remove_cgroup(name);
    if (tried.exit_code != 0) why = tried.err;
  }
  if (!why.empty()) MESSAGE("skipped: no machine with a systemd of its own here: " << why);
  return why.empty();
}

Machine::Machine(std::map<std::string, std::string> const& units, fs::path const& shared)
    : cgroup_(unused_name()) {
  write_upper(directory_, units);
  auto const mount = directory_.make("mount").string();
  std::string const start = std::string(prepare) + "exec " + nspawn +
                            " -q -D \"$1/root\" --register=no --keep-unit --console=pipe"
                            " --bind=\"$4\" --bind-ro=\"$5\" -b </dev/null";
  nspawn_ = std::make_unique<Program>(
      script(start, {mount, (directory_ / "upper").string(), cgroup_, shared, certpivot_binary()}));
  try {
    wait_until("the machine is up", [this] { return is_up(); });
  } catch (std::exception const& failure) {
    throw std::runtime_error(failure.what() + (":\n" + nspawn_->output()));
  }
}

Machine::~Machine() {
  nspawn_->send(SIGTERM);
  nspawn_->wait();
  remove_cgroup(cgroup_);
}

Outcome Machine::run(std::vector<std::string> const& words) const {
  std::string const id = std::to_string(nspawn_->pid());
  std::string init;
  std::ifstream("/proc/" + id + "/task/" + id + "/children") >> init;
  std::vector<std::string> all{"/usr/bin/nsenter", "--all", "--target", init};
  all.insert(all.end(), words.begin(), words.end());
  return run_program(all);
}

bool Machine::is_up() const {
  if (::kill(nspawn_->pid(), 0) != 0) throw std::runtime_error("systemd-nspawn has ended");
  auto const state = run({"/usr/bin/systemctl", "is-system-running"}).out;
  return state == "running\n" || state == "degraded\n";
}

}  // namespace certpivot::testing
