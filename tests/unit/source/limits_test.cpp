// The kernel's own limits, lowered in a user namespace of a child: an instance, or a watch, is
// counted in every namespace above the one that it is made in.
#include <fstream>
#include <functional>
#include <sched.h>
#include <sys/inotify.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include "source/inotify.hpp"
#include "source/mount.hpp"
#include "support/sources.hpp"
#include "support/temp_directory.hpp"
#include "unit/source/watched.hpp"

using namespace certpivot;
using namespace certpivot::testing;
namespace fs = std::filesystem;

namespace {

constexpr int not_possible_here = 77;

/// Runs `job` in a child with namespaces of its own; its answer, 0 for well, is the child's exit
/// code.
int in_namespaces(int namespaces, std::function<int()> const& job) {
  auto const child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    if (::unshare(namespaces) != 0) ::_exit(not_possible_here);
    ::_exit(job());
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  REQUIRE(WIFEXITED(status));
  return WEXITSTATUS(status);
}

bool lower(std::string const& limit, int value) {
  std::ofstream file("/proc/sys/user/" + limit);
  return static_cast<bool>(file << value << std::flush);
}

void check(int outcome) {
  if (outcome == not_possible_here)
    MESSAGE(
        "skipped: no namespaces to be had here (the system, or a sanitizer's thread, forbids "
        "them)");
  else
    CHECK(outcome == 0);
}

bool has(std::string const& text, std::string_view words) {
  return text.find(words) != std::string::npos;
}

settings::Source source_in(fs::path const& place) {
  settings::Source source;
  source.directory = place.string();
  return source;
}

}  // namespace

TEST_CASE("at the limit of watches the source is polled, and the sentence names the sysctl") {
  TempDirectory const place;
  place.write("a/b/tls.crt", "chain");
  place.write("a/b/tls.key", "key");
  auto const source = source_in(place / "a/b");
  check(in_namespaces(CLONE_NEWUSER, [&] {
    if (!lower("max_inotify_watches", 1)) return not_possible_here;
    Watched watched(source);
    if (!watched.coverage.polling_only) return 1;
    if (!has(watched.coverage.why,
             "fs.inotify.max_user_watches = " + source::inotify_limit("max_user_watches")))
      return 2;
    if (!source::read(source)) return 3;
    // Once the limit is raised the next arming watches everything.
    if (!lower("max_inotify_watches", 100)) return 4;
    if (watched.watcher.arm(watched.subscriber, source) != source::Coverage{}) return 5;
    watched.drain();
    rename_over(place / "a/b/tls.crt", "other");
    return watched.told() ? 0 : 6;
  }));
}

TEST_CASE("at the limit of instances everything is polled, and the sentence names the sysctl") {
  TempDirectory const place;
  auto const source = source_in(place.path());
  check(in_namespaces(CLONE_NEWUSER, [&] {
    if (!lower("max_inotify_instances", 0)) return not_possible_here;
    Watched watched(source);
    if (!watched.coverage.polling_only) return 1;
    if (!has(watched.coverage.why, "fs.inotify.max_user_instances = ")) return 2;
    if (watched.watcher.watched() != 0) return 3;
    auto const remarks = source::mount_remarks(source);
    return remarks.size() == 1 && has(remarks[0], "fs.inotify.max_user_instances") ? 0 : 4;
  }));
}

TEST_CASE("check finds the limit of watches by trying") {
  TempDirectory const place;
  auto const source = source_in(place.path());
  CHECK(source::mount_remarks(source).empty());
  check(in_namespaces(CLONE_NEWUSER, [&] {
    if (!lower("max_inotify_watches", 0)) return not_possible_here;
    auto const remarks = source::mount_remarks(source);
    return remarks.size() == 1 && has(remarks[0], "fs.inotify.max_user_watches") ? 0 : 1;
  }));
}

TEST_CASE("a subPath mount is told, and a stale one as stale") {
  TempDirectory const place;
  auto const from = place.write("host/tls.crt", "old");
  auto const at = place.write("mnt/tls.crt", "");
  place.write("mnt/tls.key", "key");
  auto const source = source_in(place / "mnt");
  check(in_namespaces(CLONE_NEWUSER | CLONE_NEWNS, [&] {
    if (::mount(from.c_str(), at.c_str(), nullptr, MS_BIND, nullptr) != 0) return not_possible_here;
    auto remarks = source::mount_remarks(source);
    if (remarks.size() != 1 || !has(remarks[0], at.string() + " is a mount of a single file"))
      return 1;
    Watched watched(source);
    if (!watched.coverage.polling_only || watched.coverage.why != remarks[0]) return 2;
    rename_over(from, "new");
    remarks = source::mount_remarks(source);
    if (remarks.size() != 1 || !has(remarks[0], "was replaced since")) return 3;
    return source::read(source)->certificate.bytes.view() == "old" ? 0 : 4;
  }));
}

TEST_CASE("a mounted directory is as good as any other, and shows what changes below it") {
  TempDirectory const place;
  AtomicWriter writer(place / "host");
  writer.write({{"tls.crt", "0"}, {"tls.key", "0"}});
  auto const at = place.make("mnt");
  auto const source = source_in(at);
  check(in_namespaces(CLONE_NEWUSER | CLONE_NEWNS, [&] {
    if (::mount((place / "host").c_str(), at.c_str(), nullptr, MS_BIND, nullptr) != 0)
      return not_possible_here;
    if (!source::mount_remarks(source).empty()) return 1;
    Watched watched(source);
    if (watched.coverage != source::Coverage{}) return 2;
    writer.write({{"tls.crt", "1"}, {"tls.key", "1"}});
    if (!watched.told()) return 3;
    return source::read(source)->key.bytes.view() == "1" ? 0 : 4;
  }));
}

TEST_CASE("a directory that may be passed but not read is watched from the one above") {
  TempDirectory const place;
  fs::permissions(place.path(), fs::perms(0755));
  place.write("closed/web/tls.crt", "chain", 0644);
  place.write("closed/web/tls.key", "key", 0644);
  for (auto const* const name : {"closed", "closed/web"})
    fs::permissions(place / name, fs::perms(0755));
  fs::permissions(place / "closed", fs::perms(0711));
  if (::geteuid() != 0) {
    MESSAGE("skipped: only root can take on another user");
    return;
  }
  auto const source = source_in(place / "closed/web");
  check(in_namespaces(0, [&] {
    Watched* watched = nullptr;
    if (::seteuid(65534) != 0) return not_possible_here;
    watched = new Watched(source);
    if (watched->coverage != source::Coverage{}) return 1;
    if (::seteuid(0) != 0) return 2;
    fs::rename(place / "closed", place / "away");
    bool const told = watched->told();
    delete watched;
    if (!told) return 3;
    fs::rename(place / "away", place / "closed");
    fs::permissions(place / "closed/web", fs::perms(0711));
    if (::seteuid(65534) != 0) return 4;
    Watched const blind(source);
    if (!blind.coverage.polling_only) return 5;
    return has(blind.coverage.why, "Permission denied") ? 0 : 6;
  }));
}
