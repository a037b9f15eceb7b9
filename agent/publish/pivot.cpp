#include <cstdio>
#include <fcntl.h>
#include <sys/stat.h>

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

bool generation_has(Opened const& opened, Number number, std::string const& name) {
  struct ::stat facts {};
  std::string const path = std::to_string(number) + "/" + name;
  return ::fstatat(opened.generations.get(), path.c_str(), &facts, AT_SYMLINK_NOFOLLOW) == 0;
}

Result<void> make_fixed_links(Opened const& opened, bool with_ca) {
  for (char const* const name : file_names) {
    if (std::string_view(name) == ca_name && !with_ca) continue;
    auto made = make_fixed_link(opened, name);
    if (!made) return made;
  }
  return {};
}

Result<void> drop_ca_link(Opened const& opened) {
  if (read_link(opened.root.get(), ca_name) != fixed_link_target(ca_name)) return {};
  if (::unlinkat(opened.root.get(), ca_name, 0) != 0)
    return write_failure("cannot remove the link", opened.below(ca_name), opened.path);
  return {};
}

void put_back(Opened const& opened, Number previous) {
  if (previous == 0)
    (void)::unlinkat(opened.root.get(), current_name, 0);
  else
    (void)point_current_at(opened, previous);
}

}  // namespace

Result<void> pivot_to(Opened const& opened, Number number) {
  if (!generation_has(opened, number, certificate_name))
    return fail("cannot pivot to the generation", opened.generation(std::to_string(number)),
                "it is not there");
  auto const previous = read_current(opened);
  if (!previous) return fail(previous.error());
  bool const with_ca = generation_has(opened, number, ca_name);
  auto linked = make_fixed_links(opened, with_ca);
  if (!linked) return linked;

  auto pointed = point_current_at(opened, number);
  if (!pointed) return pointed;
  OnExit undo([&] { put_back(opened, *previous); });
  if (!with_ca) {
    auto dropped = drop_ca_link(opened);
    if (!dropped) return dropped;
  }
  if (!flush(opened.root.get())) return write_failure("cannot flush", opened.path, opened.path);
  undo.dismiss();
  return {};
}

}  // namespace certpivot::publish
