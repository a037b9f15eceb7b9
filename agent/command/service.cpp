#include "command/service.hpp"

#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <iostream>
#include <malloc.h>
#include <random>
#include <sys/prctl.h>
#include <unistd.h>
#include <utility>

#include "crypto/library.hpp"
#include "process/child.hpp"

namespace certpivot::command {

namespace {

// Spreads hosts and pods, no more.
double random_share() {
  static std::minstd_rand source{std::random_device{}()};
  return std::uniform_real_distribution<double>(0, 1)(source);
}

}  // namespace

Service::Service(settings::LogChoice const& choice, std::unique_ptr<journal::Journal> journal_)
    : log(choice.level, choice.format, Log::stderr_is_journal()),
      groups({timer, workers, log, random_share}),
      journal(std::move(journal_)) {}

void harden_process() {
  // Whoever started us with a standard descriptor closed would have us write a key into the next
  // file.
  for (int fd = ::open("/dev/null", O_RDWR); fd >= 0; fd = ::open("/dev/null", O_RDWR)) {
    if (fd <= STDERR_FILENO) continue;
    ::close(fd);
    break;
  }
  (void)::prctl(PR_SET_DUMPABLE, 0);
  (void)std::signal(SIGPIPE, SIG_IGN);
  (void)::mallopt(M_ARENA_MAX, 2);
  crypto::warm_up();
}

void leave(Service& service, int code) {
  process::kill_all();
  if (service.workers.busy())
    service.log.warning("",
                        "leaving while a read of a file system that does not answer still hangs");
  std::cout.flush();
  std::cerr.flush();
  std::_Exit(code);
}

}  // namespace certpivot::command
