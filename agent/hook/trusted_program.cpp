#include "hook/trusted_program.hpp"

#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

#include "process/child.hpp"

namespace certpivot::hook {

namespace {

namespace fs = std::filesystem;

constexpr ::mode_t writable_by_others = S_IWGRP | S_IWOTH;

Result<void> check_one(std::string const& path) {
  struct ::stat facts {};
  if (::lstat(path.c_str(), &facts) != 0) return fail_errno("cannot run the plugin", path);
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

Result<void> check_way_to(fs::path const& path) {
  for (fs::path step = path;; step = step.parent_path()) {
    if (auto fit = check_one(step.string()); !fit) return fit;
    if (step == step.parent_path()) return {};
  }
}

}  // namespace

Result<void> check_trusted_program(std::string const& path) {
  if (auto fit = process::check_program(path); !fit) return fit;
  std::error_code failure;
  auto const target = fs::canonical(path, failure);
  auto const directory = fs::canonical(fs::path(path).parent_path(), failure);
  if (failure) return fail("cannot run the plugin", path, failure.message());
  if (auto fit = check_way_to(directory / fs::path(path).filename()); !fit) return fit;
  return check_way_to(target);
}

}  // namespace certpivot::hook
