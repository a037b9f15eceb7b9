#include "source/watch_table.hpp"

#include <sys/inotify.h>

#include <doctest/doctest.h>

using certpivot::source::WatchTable;
using Who = std::set<WatchTable::Subscriber>;

TEST_CASE("a named change concerns who needs the name, a nameless one everybody") {
  WatchTable table;
  table.need(7, 1, {"tls.crt", "tls.key"});
  table.need(7, 2, {"tls.crt"});
  table.need(7, 3, {});
  CHECK(table.concerned({7, IN_CREATE, "tls.crt"}) == Who{1, 2});
  CHECK(table.concerned({7, IN_CREATE, "tls.key"}) == Who{1});
  CHECK(table.concerned({7, IN_CREATE, "other"}).empty());
  CHECK(table.concerned({7, IN_MOVE_SELF, ""}) == Who{1, 2, 3});
  CHECK(table.concerned({8, IN_MOVE_SELF, ""}).empty());
}

TEST_CASE("needing a watch again replaces the names of before") {
  WatchTable table;
  table.need(7, 1, {"..data", "tls.crt"});
  table.need(7, 1, {"tls.crt"});
  CHECK(table.concerned({7, IN_CREATE, "..data"}).empty());
  CHECK(table.concerned({7, IN_CREATE, "tls.crt"}) == Who{1});
}

TEST_CASE("a watch is to be narrowed once nobody needs names in it, and not before") {
  WatchTable table;
  table.need(7, 1, {"later"});
  table.need(7, 2, {"other"});
  CHECK(!table.narrower(7));
  table.need(7, 1, {});
  CHECK(!table.narrower(7));
  table.need(7, 2, {});
  CHECK(table.narrower(7) == WatchTable::mask_for(false));
  table.narrowed(7, WatchTable::mask_for(false));
  CHECK(!table.narrower(7));
}

TEST_CASE("a watch is given back when the last who needs it releases it") {
  WatchTable table;
  table.need(7, 1, {"a"});
  table.need(7, 2, {"b"});
  table.need(8, 1, {"c"});
  CHECK(table.release(1, {8}).empty());
  CHECK(table.concerned({7, IN_CREATE, "a"}).empty());
  CHECK(table.concerned({8, IN_CREATE, "c"}) == Who{1});
  CHECK(table.release(2) == std::vector<int>{7});
  CHECK(table.release(1) == std::vector<int>{8});
  CHECK(table.release(1).empty());
  CHECK(table.size() == 0);
}

TEST_CASE("a watch that the kernel dropped is forgotten by all who needed it") {
  WatchTable table;
  table.need(7, 1, {"a"});
  table.need(7, 2, {});
  table.forget(7);
  table.forget(7);
  CHECK(table.size() == 0);
  CHECK(table.release(1).empty());
  CHECK(table.release(2).empty());
}

TEST_CASE("needing a watch for the same names again is no news") {
  WatchTable table;
  CHECK_FALSE(table.need(7, 1, {"a"}));
  CHECK(table.need(7, 1, {"a"}));
  CHECK_FALSE(table.need(7, 1, {"a", "b"}));
  CHECK_FALSE(table.need(7, 2, {"a", "b"}));
}

TEST_CASE("a directory's watch is found by its inode as long as somebody needs it") {
  certpivot::source::Inode const inode{1, 42};
  WatchTable table;
  auto const wide = WatchTable::mask_for(true);
  auto const narrow = WatchTable::mask_for(false);
  CHECK_FALSE(table.watch_on(inode, narrow));
  (void)table.need(7, 1, {});
  table.stands_for(7, inode);
  CHECK(table.watch_on(inode, narrow) == 7);
  CHECK_FALSE(table.watch_on(inode, wide));
  (void)table.need(7, 2, {"a"});
  CHECK(table.watch_on(inode, wide) == 7);
  (void)table.release(1);
  (void)table.release(2);
  CHECK_FALSE(table.watch_on(inode, narrow));
  (void)table.need(8, 1, {});
  table.stands_for(8, inode);
  table.forget(8);
  CHECK_FALSE(table.watch_on(inode, narrow));
}

TEST_CASE("after lost events no watch counts as being on a directory until it is set anew") {
  certpivot::source::Inode const inode{1, 42};
  WatchTable table;
  (void)table.need(7, 1, {"a"});
  table.stands_for(7, inode);
  table.distrust();
  CHECK_FALSE(table.watch_on(inode, WatchTable::mask_for(false)));
  (void)table.need(8, 1, {"a"});
  table.stands_for(8, inode);
  CHECK(table.watch_on(inode, WatchTable::mask_for(true)) == 8);
  // The dead one is given back without taking the new one's place along.
  CHECK(table.release(1, {8}) == std::vector<int>{7});
  CHECK(table.watch_on(inode, WatchTable::mask_for(true)) == 8);
}
