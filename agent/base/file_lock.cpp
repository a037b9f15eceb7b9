#include "base/file_lock.hpp"

#include <cerrno>
#include <sys/file.h>
#include <thread>

namespace certpivot {

int lock_within(int fd, Duration patience) {
  // flock(2) itself waits for ever or not at all.
  constexpr std::chrono::milliseconds pause(10);
  auto const until = std::chrono::steady_clock::now() + patience;
  while (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    if (errno == EINTR) continue;
    if (errno != EWOULDBLOCK || std::chrono::steady_clock::now() >= until) return errno;
    std::this_thread::sleep_for(pause);
  }
  return 0;
}

}  // namespace certpivot
