#include "source/inotify.hpp"

#include <cstring>
#include <fcntl.h>
#include <sys/inotify.h>

#include <doctest/doctest.h>

using namespace certpivot;
using source::Change;

namespace {

void append(std::vector<std::byte>& buffer, int watch, std::uint32_t mask, std::string name) {
  // The kernel pads names with zero bytes to a multiple of the event's size.
  if (!name.empty()) name.resize((name.size() / 16 + 1) * 16, '\0');
  struct ::inotify_event event {};
  event.wd = watch;
  event.mask = mask;
  event.len = static_cast<std::uint32_t>(name.size());
  auto const start = buffer.size();
  buffer.resize(start + sizeof event + name.size());
  std::memcpy(buffer.data() + start, &event, sizeof event);
  std::memcpy(buffer.data() + start + sizeof event, name.data(), name.size());
}

}  // namespace

TEST_CASE("a buffer holds its changes in their order, names without the padding") {
  std::vector<std::byte> buffer;
  append(buffer, 1, IN_MOVED_TO, "..data");
  append(buffer, 2, IN_DELETE_SELF, "");
  append(buffer, 1, IN_CREATE, "a name of sixteen");
  auto const changes = source::parse_changes(buffer);
  std::vector<Change> const expected{
      {1, IN_MOVED_TO, "..data"}, {2, IN_DELETE_SELF, ""}, {1, IN_CREATE, "a name of sixteen"}};
  CHECK(std::get<std::vector<Change>>(changes) == expected);
  CHECK(std::get<std::vector<Change>>(source::parse_changes({})).empty());
}

TEST_CASE("an overflow anywhere in a buffer is what the whole buffer says") {
  std::vector<std::byte> buffer;
  append(buffer, 1, IN_MOVED_TO, "..data");
  append(buffer, -1, IN_Q_OVERFLOW, "");
  CHECK(std::holds_alternative<source::Overflowed>(source::parse_changes(buffer)));
}

TEST_CASE("a buffer cut anywhere but between events counts as lost events") {
  std::vector<std::byte> buffer;
  append(buffer, 1, IN_MOVED_TO, "..data");
  auto const whole = buffer.size();
  append(buffer, 2, IN_CREATE, "tls.crt");
  for (std::size_t size = 0; size < buffer.size(); ++size) {
    auto const changes = source::parse_changes(std::span(buffer).first(size));
    bool const fits = size == 0 || size == whole;
    CHECK(std::holds_alternative<source::Overflowed>(changes) != fits);
  }
}

TEST_CASE("a length beyond the buffer is not believed") {
  std::vector<std::byte> buffer;
  append(buffer, 1, IN_CREATE, "tls.crt");
  std::uint32_t const length = 0xffffffff;
  std::memcpy(buffer.data() + offsetof(struct ::inotify_event, len), &length, sizeof length);
  CHECK(std::holds_alternative<source::Overflowed>(source::parse_changes(buffer)));
}

TEST_CASE("taking changes does not wait, and removing a watch twice does no harm") {
  auto inotify = source::Inotify::create();
  REQUIRE(inotify);
  CHECK(std::get<std::vector<Change>>(*inotify->take()).empty());
  UniqueFd const directory{::open("/tmp", O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  auto const watch = inotify->add(directory.get(), "/tmp", IN_DELETE_SELF);
  REQUIRE(watch);
  CHECK(*inotify->add(directory.get(), "/tmp", IN_DELETE_SELF) == *watch);
  inotify->remove(*watch);
  inotify->remove(*watch);
  auto const changes = inotify->take();
  REQUIRE(changes);
  CHECK(std::get<std::vector<Change>>(*changes) == std::vector<Change>{{*watch, IN_IGNORED, ""}});
}
