#include "hook/trusted_program.hpp"

#include <cerrno>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

#include "process/child.hpp"

namespace certpivot::hook {

namespace {

namespace fs = std::filesystem;

constexpr ::mode_t writable_by_others = S_IWGRP | S_IWOTH;
constexpr unsigned longest_way = 40;  // links, as path_resolution(7) has it

Result<void> check_owner(std::string const& path, struct ::stat const& facts) {
  if (facts.st_uid != 0 && facts.st_uid != ::geteuid())
    return fail("will not run the plugin", path,
                "it belongs to user " + std::to_string(facts.st_uid) +
                    ", neither to root nor to certpivot's own",
                "chown root " + path);
  bool const sticky_directory = S_ISDIR(facts.st_mode) && (facts.st_mode & S_ISVTX) != 0;
  if (S_ISLNK(facts.st_mode) || sticky_directory || (facts.st_mode & writable_by_others) == 0)
    return {};
  return fail("will not run the plugin", path, "its group or others may write it",
              "chmod go-w " + path);
}

/// Goes from the root to the file as the kernel does, each directory and link on its way.
class Way {
 public:
  Result<void> walk(fs::path const& path) {
    for (fs::path const& name : path) {
      if (name == "..")
        at_ = at_.parent_path();
      else if (auto fit = step(name == "." ? at_ : at_ / name); !fit)
        return fit;
    }
    return {};
  }

 private:
  Result<void> step(fs::path const& next) {
    struct ::stat facts {};
    if (::lstat(next.c_str(), &facts) != 0)
      return fail_errno("cannot run the plugin", next.string());
    if (auto fit = check_owner(next.string(), facts); !fit) return fit;
    if (!S_ISLNK(facts.st_mode)) {
      at_ = next;
      return {};
    }
    if (++links_ > longest_way)
      return fail_errno("cannot run the plugin", next.string(), {}, ELOOP);
    std::error_code failure;
    auto const target = fs::read_symlink(next, failure);
    if (failure) return fail("cannot run the plugin", next.string(), failure.message());
    return walk(target);
  }

  fs::path at_ = "/";
  unsigned links_ = 0;
};

}  // namespace

Result<void> check_trusted_program(std::string const& path) {
  if (auto fit = process::check_program(path); !fit) return fit;
  return Way().walk(path);
}

}  // namespace certpivot::hook
