#include "source/file.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

#include <climits>

#include "base/unique_fd.hpp"
#include "source/fault.hpp"

namespace certpivot::source {

namespace {

constexpr std::size_t chunk_size = 8192;

std::int64_t nanoseconds(struct ::timespec const& time) {
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

Stamp stamp_of(struct ::stat const& facts) {
  return {{facts.st_dev, facts.st_ino},
          facts.st_size,
          nanoseconds(facts.st_mtim),
          nanoseconds(facts.st_ctim)};
}

std::string link_target(int directory, std::string const& name) {
  std::array<char, PATH_MAX> target{};
  auto const size = ::readlinkat(directory, name.c_str(), target.data(), target.size());
  return size < 0 ? std::string{} : std::string(target.data(), static_cast<std::size_t>(size));
}

int open_patiently(int directory, char const* name) {
  int fd = -1;
  do {
    fd = ::openat(directory, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  } while (fd < 0 && errno == EINTR);
  return fd;
}

/// Fills `bytes` from its `filled`th byte on. Whether the file's end came before `bytes` was full,
/// or the errno.
tl::expected<bool, int> fill(int fd, Secret& bytes, std::size_t& filled) {
  while (filled < bytes.size()) {
    auto const rest = bytes.bytes().subspan(filled);
    auto const got = ::read(fd, rest.data(), rest.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return tl::unexpected<int>(errno);
    if (got == 0) return true;
    filled += static_cast<std::size_t>(got);
  }
  return false;
}

/// All bytes up to the end, wherever it is by now: the size was only a guess (a file that grows, a
/// file system that reports none).
tl::expected<Secret, Fault> read_all(int fd, std::size_t guess, Name const& name,
                                     std::size_t limit) {
  Secret bytes(guess + 1);
  std::size_t filled = 0;
  while (true) {
    auto const ended = fill(fd, bytes, filled);
    if (!ended) return tl::unexpected<Fault>(fault_of(ended.error(), name.path));
    if (filled > limit) return tl::unexpected<Fault>(too_large(name, limit));
    if (*ended) break;
    Secret more(std::min(bytes.size() * 2, limit + 1));
    std::memcpy(more.bytes().data(), bytes.bytes().data(), filled);
    bytes = std::move(more);
  }
  bytes.truncate(filled);
  return bytes;
}

tl::expected<void, Fault> acceptable(struct ::stat const& facts, Name const& name,
                                     std::size_t limit) {
  if (!S_ISREG(facts.st_mode))
    return tl::unexpected<Fault>(not_regular(name.path, facts.st_mode & S_IFMT));
  if (facts.st_size > static_cast<::off_t>(limit))
    return tl::unexpected<Fault>(too_large(name, limit));
  return {};
}

struct OpenFile {
  UniqueFd fd = {};
  struct ::stat facts {};
};

tl::expected<OpenFile, Fault> open_file(int directory, Name const& name, std::size_t limit) {
  OpenFile file;
  if (::fstatat(directory, name.name.c_str(), &file.facts, AT_NO_AUTOMOUNT) != 0)
    return tl::unexpected<Fault>(fault_of(errno, name.path));
  if (auto fit = acceptable(file.facts, name, limit); !fit)
    return tl::unexpected<Fault>(fit.error());
  file.fd.reset(open_patiently(directory, name.name.c_str()));
  if (!file.fd.valid() || ::fstat(file.fd.get(), &file.facts) != 0)
    return tl::unexpected<Fault>(fault_of(errno, name.path));
  if (auto fit = acceptable(file.facts, name, limit); !fit)
    return tl::unexpected<Fault>(fit.error());
  return file;
}

/// Whether the file holds these bytes and no more.
bool holds(int fd, Secret const& bytes) {
  Secret chunk(chunk_size);
  auto rest = bytes.view();
  while (true) {
    auto const got = ::read(fd, chunk.bytes().data(), chunk.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return got == 0 && rest.empty();
    auto const next = chunk.view().substr(0, static_cast<std::size_t>(got));
    if (!rest.starts_with(next)) return false;
    rest.remove_prefix(next.size());
  }
}

}  // namespace

tl::expected<Look, Fault> look_at(int directory, Name const& name, std::size_t limit) {
  auto const file = open_file(directory, name, limit);
  if (!file) return tl::unexpected<Fault>(file.error());
  auto const& facts = file->facts;
  auto bytes = read_all(file->fd.get(), static_cast<std::size_t>(facts.st_size), name, limit);
  if (!bytes) return tl::unexpected<Fault>(bytes.error());
  FileFacts told{name.path, link_target(directory, name.name), Mode{facts.st_mode & 07777},
                 facts.st_uid, facts.st_gid};
  return Look{{std::move(told), std::move(*bytes)}, stamp_of(facts)};
}

bool is_unchanged(Look const& look, int directory, Name const& name) {
  // A file of more bytes is another one by now.
  auto const file = open_file(directory, name, look.file.bytes.size());
  return file && stamp_of(file->facts) == look.stamp && holds(file->fd.get(), look.file.bytes);
}

}  // namespace certpivot::source
