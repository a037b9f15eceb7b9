#include "base/file_lock.hpp"

#include <cerrno>
#include <fcntl.h>
#include <thread>

#include <doctest/doctest.h>

#include "base/unique_fd.hpp"
#include "support/temp_directory.hpp"

using namespace certpivot;
using testing::TempDirectory;

namespace {

// flock(2) belongs to the open file: two descriptors of one process are strangers.
UniqueFd opened(TempDirectory const& place) {
  return UniqueFd(::open((place / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
}

}  // namespace

TEST_CASE("a lock that somebody holds all the time is told, one that is given up is had") {
  TempDirectory const place;
  UniqueFd holder = opened(place);
  UniqueFd const other = opened(place);
  CHECK(lock_within(holder.get(), Duration::zero()) == 0);
  CHECK(lock_within(other.get(), Duration::zero()) == EWOULDBLOCK);
  CHECK(lock_within(other.get(), std::chrono::milliseconds(20)) == EWOULDBLOCK);
  std::thread gone([&holder] { holder.reset(); });
  CHECK(lock_within(other.get(), std::chrono::seconds(20)) == 0);
  gone.join();
}

TEST_CASE("what cannot be locked is told by its errno") {
  CHECK(lock_within(-1, std::chrono::seconds(20)) == EBADF);
}
