#include <algorithm>
#include <cstdio>
#include <unistd.h>

#include "base/on_exit.hpp"
#include "publish/names.hpp"
#include "publish/steps.hpp"

namespace certpivot::publish {

namespace {

/// The one rename(2). Fails only with everything as it was.
Result<void> point_current_at(Opened const& opened, Number number) {
  int const root = opened.root.get();
  std::string const temporary = temporary_name(new_link_prefix, number);
  if (::unlinkat(root, temporary.c_str(), 0) != 0 && errno != ENOENT)
    return write_failure("cannot remove", opened.below(temporary), opened.path);
  if (::symlinkat(link_target(number).c_str(), root, temporary.c_str()) != 0)
    return write_failure("cannot make the link", opened.below(temporary), opened.path);
  if (::renameat(root, temporary.c_str(), root, current_name) == 0) return {};
  auto const failure = write_failure("cannot pivot", opened.below(current_name), opened.path);
  (void)::unlinkat(root, temporary.c_str(), 0);  // else the next prepare() does
  return failure;
}

Result<void> make_fixed_link(Opened const& opened, std::string const& name) {
  std::string const target = fixed_link_target(name);
  if (::symlinkat(target.c_str(), opened.root.get(), name.c_str()) == 0) return {};
  if (errno != EEXIST)
    return write_failure("cannot make the link", opened.below(name), opened.path);
  if (read_link(opened.root.get(), name) == target) return {};
  return fail("cannot make the link", opened.below(name), "certpivot did not make what is there",
              "move it away, or name an empty directory as publish.directory");
}

/// The names of a generation's files, ascending.
Result<std::vector<std::string>> files_of(Opened const& opened, Number number) {
  std::string const name = std::to_string(number);
  std::string const where = opened.generation(name);
  auto const directory = open_below(opened.generations.get(), name, where);
  if (!directory) return fail(directory.error());
  return names_in(directory->get(), where);
}

Result<void> make_fixed_links(Opened const& opened, std::vector<std::string> const& files) {
  for (std::string const& name : files) {
    auto made = make_fixed_link(opened, name);
    if (!made) return made;
  }
  return {};
}

/// Removes the links of ours to what is not among `files`.
Result<void> drop_fixed_links(Opened const& opened, std::vector<std::string> const& files) {
  auto const names = names_in(opened.root.get(), opened.path);
  if (!names) return fail(names.error());
  for (std::string const& name : *names) {
    if (std::binary_search(files.begin(), files.end(), name)) continue;
    if (read_link(opened.root.get(), name) != fixed_link_target(name)) continue;
    if (::unlinkat(opened.root.get(), name.c_str(), 0) != 0)
      return write_failure("cannot remove the link", opened.below(name), opened.path);
  }
  return {};
}

void put_back(Opened const& opened, Number previous) {
  if (previous == 0) {
    (void)::unlinkat(opened.root.get(), current_name, 0);
    return;
  }
  if (auto const files = files_of(opened, previous)) (void)make_fixed_links(opened, *files);
  (void)point_current_at(opened, previous);
}

}  // namespace

Result<void> pivot_to(Opened const& opened, Number number) {
  auto const files = files_of(opened, number);
  if (!files && files.error().code != std::errc::no_such_file_or_directory)
    return fail(files.error());
  if (!files || !std::binary_search(files->begin(), files->end(), certificate_name))
    return fail("cannot pivot to the generation", opened.generation(std::to_string(number)),
                "it is not there");
  auto const previous = read_current(opened);
  if (!previous) return fail(previous.error());
  auto linked = make_fixed_links(opened, *files);
  if (!linked) return linked;

  auto pointed = point_current_at(opened, number);
  if (!pointed) return pointed;
  OnExit undo([&] { put_back(opened, *previous); });
  auto dropped = drop_fixed_links(opened, *files);
  if (!dropped) return dropped;
  if (!flush(opened.root.get())) return write_failure("cannot flush", opened.path, opened.path);
  undo.dismiss();
  return {};
}

}  // namespace certpivot::publish
