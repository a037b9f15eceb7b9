#include "publish/opened.hpp"

#include <algorithm>
#include <array>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <sys/stat.h>

#include <climits>

#include "publish/names.hpp"

namespace certpivot::publish {

std::string Opened::generation(std::string const& name) const {
  return path + "/" + generations_name + "/" + name;
}

Result<UniqueFd> open_below(int parent, std::string const& name, std::string const& where) {
  UniqueFd opened(::openat(parent, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!opened.valid()) return fail_errno("cannot open the directory", where);
  return opened;
}

Result<UniqueFd> open_root(std::string const& path) {
  // The configured path itself may lead through links: it is the administrator's.
  UniqueFd root(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (root.valid()) return root;
  return fail_errno(
      "cannot open the publish directory", path,
      errno == EACCES ? "let certpivot's user read it" : "name a directory as publish.directory");
}

Result<std::optional<Opened>> open_existing(std::string const& path) {
  auto const absent = [](Error const& error) {
    return error.code == std::errc::no_such_file_or_directory;
  };
  Opened opened{path};
  auto root = open_root(path);
  if (!root && absent(root.error())) return std::nullopt;
  if (!root) return fail(std::move(root.error()));
  auto generations = open_below(root->get(), generations_name, opened.below(generations_name));
  if (!generations && absent(generations.error())) return std::nullopt;
  if (!generations) return fail(std::move(generations.error()));
  opened.root = std::move(*root);
  opened.generations = std::move(*generations);
  return opened;
}

Result<Opened> open_prepared(std::string const& path) {
  auto opened = open_existing(path);
  if (!opened) return fail(std::move(opened.error()));
  if (!*opened)
    return fail_errno("cannot open the publish directory", path,
                      "it is made again when the certificate is next published", ENOENT);
  return std::move(**opened);
}

Result<std::vector<std::string>> names_in(int directory, std::string const& where) {
  // A descriptor of its own: reading moves the position, which duplicates share.
  UniqueFd own(::openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!own.valid()) return fail_errno("cannot list the directory", where);
  std::unique_ptr<DIR, int (*)(DIR*)> const stream(::fdopendir(own.get()), &::closedir);
  if (stream == nullptr) return fail_errno("cannot list the directory", where);
  (void)own.release();
  std::vector<std::string> names;
  for (;;) {
    errno = 0;
    ::dirent const* const entry = ::readdir(stream.get());
    if (entry == nullptr) break;
    std::string name(&entry->d_name[0]);
    if (name != "." && name != "..") names.push_back(std::move(name));
  }
  if (errno != 0) return fail_errno("cannot list the directory", where);
  std::sort(names.begin(), names.end());
  return names;
}

std::optional<std::string> read_link(int directory, std::string const& name) {
  std::array<char, PATH_MAX> target{};
  ::ssize_t const length = ::readlinkat(directory, name.c_str(), target.data(), target.size());
  if (length < 0) return std::nullopt;
  return std::string(target.data(), static_cast<std::size_t>(length));
}

Result<Number> read_current(Opened const& opened) {
  auto const target = read_link(opened.root.get(), current_name);
  if (!target && errno == ENOENT) return Number{0};
  auto const number = target ? parse_link_target(*target) : std::nullopt;
  if (number) return *number;
  return fail("cannot tell which generation is current", opened.below(current_name),
              target ? "it points to " + *target : "it is not a link that certpivot made",
              "remove it, or name another publish.directory");
}

Result<std::vector<Number>> read_generations(Opened const& opened) {
  auto names = names_in(opened.generations.get(), opened.below(generations_name));
  if (!names) return fail(std::move(names.error()));
  std::vector<Number> numbers;
  for (std::string const& name : *names)
    if (auto const number = parse_number(name)) numbers.push_back(*number);
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

Result<void> remove_flat(int parent, std::string const& name, std::string const& where) {
  auto directory = open_below(parent, name, where);
  if (!directory) {
    if (directory.error().code == std::errc::no_such_file_or_directory) return {};
    return fail(std::move(directory.error()));
  }
  auto names = names_in(directory->get(), where);
  if (!names) return fail(std::move(names.error()));
  std::stable_partition(names->begin(), names->end(),
                        [](std::string const& file) { return !is_of_pair(file); });
  for (std::string const& file : *names)
    if (::unlinkat(directory->get(), file.c_str(), 0) != 0 && errno != ENOENT)
      return write_failure("cannot remove", where + "/" + file, where);
  if (::unlinkat(parent, name.c_str(), AT_REMOVEDIR) != 0 && errno != ENOENT)
    return write_failure("cannot remove", where, where);
  return {};
}

bool flush(int fd) { return ::fsync(fd) == 0 || errno == EINVAL; }

tl::unexpected<Error> write_failure(std::string what, std::string where,
                                    std::string const& directory, int errno_value) {
  std::string remedy = "what is in force stays";
  if (errno_value == ENOSPC || errno_value == EDQUOT)
    remedy += "; free space or inodes on the file system of " + directory;
  else if (errno_value == EROFS)
    remedy +=
        "; mount the file system of " + directory + " writable (under systemd: ReadWritePaths=)";
  else if (errno_value == EACCES || errno_value == EPERM)
    remedy += "; let certpivot's user write to " + directory;
  return fail_errno(std::move(what), std::move(where), std::move(remedy), errno_value);
}

}  // namespace certpivot::publish
