#include "journal/state.hpp"

#include <array>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>

#include "base/file_lock.hpp"
#include "base/units.hpp"

namespace certpivot::journal {

namespace {

/// SQLite's smallest page; it takes what is shorter for a new database, and writes over it.
constexpr ::off_t smallest_database = 512;
/// A program that a certpivot was just starting when it was killed holds its descriptors until the
/// exec.
constexpr Duration orphan_patience = std::chrono::milliseconds(500);

Result<void> make_one(std::filesystem::path const& path, ::mode_t mode) {
  if (::mkdir(path.c_str(), mode) != 0) {
    if (errno == EEXIST) return {};
    return fail_errno("cannot make the state directory", path,
                      "make it, or name another one as agent.state");
  }
  // The umask may have narrowed a parent that others must pass.
  if (::chmod(path.c_str(), mode) != 0)
    return fail_errno("cannot set the mode of the state directory", path);
  return {};
}

Result<void> make_parents(std::filesystem::path const& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored) || !path.has_relative_path()) return {};
  auto made = make_parents(path.parent_path());
  if (!made) return made;
  return make_one(path, 0755);
}

std::string holder_of(int lock) {
  std::array<char, 32> text{};
  ::ssize_t const length = ::pread(lock, text.data(), text.size() - 1, 0);
  std::string pid(text.data(), length > 0 ? static_cast<std::size_t>(length) : 0);
  if (auto const end = pid.find_first_not_of("0123456789"); end != std::string::npos)
    pid.resize(end);
  return pid.empty() ? "another certpivot" : "another certpivot, process " + pid + ",";
}

}  // namespace

Result<void> make_state_directory(std::string const& state) {
  std::filesystem::path path = std::filesystem::absolute(state).lexically_normal();
  if (!path.has_filename()) path = path.parent_path();
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) return {};
  auto made = make_parents(path.parent_path());
  if (!made) return made;
  return make_one(path, 0700);
}

Result<UniqueFd> lock_state(std::string const& state) {
  std::string const path = state + "/lock";
  UniqueFd lock(::open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!lock.valid())
    return fail_errno("cannot open the lock of the state directory", path,
                      "let certpivot's user write to " + state);
  if (int const cause = lock_within(lock.get(), orphan_patience); cause != 0) {
    if (cause != EWOULDBLOCK)
      return fail_errno("cannot lock the state directory", path,
                        "name a directory on a local file system as agent.state", cause);
    return fail("cannot use the state directory", state, holder_of(lock.get()) + " uses it",
                "stop that one, or name another directory as agent.state");
  }
  std::string const pid = std::to_string(::getpid()) + "\n";
  if (::ftruncate(lock.get(), 0) != 0 ||
      ::pwrite(lock.get(), pid.data(), pid.size(), 0) != static_cast<::ssize_t>(pid.size()))
    return fail_errno("cannot write the lock of the state directory", path,
                      "free space on the file system of " + state);
  return lock;
}

Result<bool> make_database_file(std::string const& path) {
  UniqueFd const made(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (made.valid()) return false;
  struct ::stat facts {};
  if (errno != EEXIST || ::stat(path.c_str(), &facts) != 0)
    return fail_errno("cannot make the journal", path,
                      "let certpivot's user write to the directory, and free space on it");
  if (!S_ISREG(facts.st_mode))
    return fail("cannot open the journal", path, "it is not a regular file", "move it away");
  if ((facts.st_mode & 077) != 0 && ::chmod(path.c_str(), 0600) != 0)
    return fail_errno("cannot set the mode of the journal", path, "give it to certpivot's user");
  return facts.st_size < smallest_database;
}

Result<std::string> set_aside(std::string const& path) {
  auto const now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  std::string const aside = path + ".damaged-" + to_rfc3339(now);
  for (char const* const suffix : {"", "-wal", "-shm", "-journal"}) {
    if (std::rename((path + suffix).c_str(), (aside + suffix).c_str()) == 0) continue;
    if (errno != ENOENT)
      return fail_errno("cannot set the damaged journal aside", path + suffix,
                        "move it away by hand");
  }
  return aside;
}

}  // namespace certpivot::journal
