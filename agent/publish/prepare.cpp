#include <algorithm>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>

#include "publish/names.hpp"
#include "publish/steps.hpp"
#include "settings/rules.hpp"

namespace certpivot::publish {

namespace {

constexpr ::mode_t directory_mode = 0755;

tl::unexpected<Error> foreign(std::string const& path, std::string why) {
  return fail("refusing the publish directory, because certpivot did not make", path,
              std::move(why), "move it away, or name an empty directory as publish.directory");
}

/// 0 for what is not there.
::mode_t type_of(int directory, std::string const& name) {
  struct ::stat facts {};
  if (::fstatat(directory, name.c_str(), &facts, AT_SYMLINK_NOFOLLOW) != 0) return 0;
  return facts.st_mode & S_IFMT;
}

/// Makes one directory with its mode whatever the umask is, and flushes its parent.
Result<void> make_one(std::filesystem::path const& path) {
  if (::mkdir(path.c_str(), directory_mode) != 0) {
    if (errno == EEXIST) return {};
    return write_failure("cannot make the publish directory", path, path.parent_path());
  }
  if (::chmod(path.c_str(), directory_mode) != 0)
    return write_failure("cannot set the mode of the publish directory", path, path);
  UniqueFd const parent(::open(path.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  // A parent that may be searched and written, but not read, cannot be flushed from here.
  if (parent.valid() && !flush(parent.get()))
    return write_failure("cannot flush", path.parent_path(), path.parent_path());
  return {};
}

/// Whether a file of this name may be one that certpivot made, in a directory with these names. A
/// configuration that nobody remembers may have asked for any name that settings take; but nothing
/// of ours is ever there without the pair.
bool may_be_ours(std::string const& name, std::vector<std::string> const& names) {
  if (is_file_name(name)) return true;
  bool const has_pair = std::count_if(names.begin(), names.end(), is_of_pair) == 2;
  return has_pair && settings::published_name(name).empty();
}

/// Only regular files with names of ours, in a generation or what is left of one.
Result<void> inspect_generation(Opened const& opened, std::string const& name) {
  std::string const where = opened.generation(name);
  auto directory = open_below(opened.generations.get(), name, where);
  if (!directory) return foreign(where, "it is not a directory that can be read");
  auto names = names_in(directory->get(), where);
  if (!names) return fail(std::move(names.error()));
  for (std::string const& file : *names)
    if (!may_be_ours(file, *names) || type_of(directory->get(), file) != S_IFREG)
      return foreign(where + "/" + file, {});
  return {};
}

Result<void> inspect_generations(Opened const& opened) {
  auto names = names_in(opened.generations.get(), opened.below(generations_name));
  if (!names) return fail(std::move(names.error()));
  for (std::string const& name : *names) {
    if (!parse_number(name) && !is_temporary_generation(name))
      return foreign(opened.generation(name), {});
    auto inspected = inspect_generation(opened, name);
    if (!inspected) return inspected;
  }
  return {};
}

bool is_ours(Opened const& opened, std::string const& name) {
  if (name == generations_name) return true;  // its own inspection follows
  auto const target = read_link(opened.root.get(), name);
  if (!target) return false;
  if (name == owed_name) return *target == current_name;
  if (name == current_name || std::string_view(name).starts_with(new_link_prefix))
    return parse_link_target(*target).has_value();
  return *target == fixed_link_target(name);
}

Result<void> inspect_root(Opened const& opened) {
  auto names = names_in(opened.root.get(), opened.path);
  if (!names) return fail(std::move(names.error()));
  for (std::string const& name : *names) {
    if (is_ours(opened, name)) continue;
    auto const target = read_link(opened.root.get(), name);
    return foreign(opened.below(name), target ? "it is a link to " + *target : "");
  }
  return {};
}

Result<void> make_generations(Opened& opened) {
  std::string const where = opened.below(generations_name);
  bool const made = ::mkdirat(opened.root.get(), generations_name, directory_mode) == 0;
  if (!made && errno != EEXIST) return write_failure("cannot make", where, opened.path);
  auto generations = open_below(opened.root.get(), generations_name, where);
  if (!generations) return foreign(where, generations.error().why);
  opened.generations = std::move(*generations);
  if (!made) return {};
  if (::fchmod(opened.generations.get(), directory_mode) != 0 || !flush(opened.root.get()))
    return write_failure("cannot make", where, opened.path);
  return {};
}

/// What a crash left behind; all of it was inspected.
Result<void> remove_leftovers(Opened const& opened) {
  auto links = names_in(opened.root.get(), opened.path);
  if (!links) return fail(std::move(links.error()));
  for (std::string const& name : *links)
    if (std::string_view(name).starts_with(new_link_prefix) &&
        ::unlinkat(opened.root.get(), name.c_str(), 0) != 0)
      return write_failure("cannot remove", opened.below(name), opened.path);
  // A debt for a pivot that was never made.
  if (!read_link(opened.root.get(), current_name))
    if (auto forgotten = note_debt(opened, false); !forgotten) return forgotten;
  auto generations = names_in(opened.generations.get(), opened.below(generations_name));
  if (!generations) return fail(std::move(generations.error()));
  for (std::string const& name : *generations) {
    if (!is_temporary_generation(name)) continue;
    auto removed = remove_flat(opened.generations.get(), name, opened.generation(name));
    if (!removed) return removed;
  }
  return {};
}

}  // namespace

Result<void> make_root(std::string const& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) return {};
  std::filesystem::path const whole(path);
  if (whole.has_relative_path()) {
    auto made = make_root(whole.parent_path());
    if (!made) return made;
  }
  return make_one(whole);
}

Result<void> prepare_directory(std::string const& path) {
  auto made = make_root(path);
  if (!made) return made;
  auto root = open_root(path);
  if (!root) return fail(std::move(root.error()));
  Opened opened{path, std::move(*root), {}};
  auto inspected = inspect_root(opened);
  if (!inspected) return inspected;
  auto ready = make_generations(opened);
  if (!ready) return ready;
  inspected = inspect_generations(opened);
  if (!inspected) return inspected;
  return remove_leftovers(opened);
}

Result<void> inspect_directory(std::string const& path) {
  struct ::stat facts {};
  if (::stat(path.c_str(), &facts) != 0) return {};  // made when it is needed
  auto root = open_root(path);
  if (!root) return fail(std::move(root.error()));
  Opened opened{path, std::move(*root), {}};
  if (auto inspected = inspect_root(opened); !inspected) return inspected;
  if (type_of(opened.root.get(), generations_name) == 0) return {};
  auto generations =
      open_below(opened.root.get(), generations_name, opened.below(generations_name));
  if (!generations) return foreign(opened.below(generations_name), generations.error().why);
  opened.generations = std::move(*generations);
  return inspect_generations(opened);
}

}  // namespace certpivot::publish
