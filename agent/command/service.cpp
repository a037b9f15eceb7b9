#include "command/service.hpp"

#include <malloc.h>
#include <sys/prctl.h>

#include <csignal>
#include <cstdlib>
#include <iostream>
#include <utility>

#include "crypto/certificate.hpp"
#include "process/child.hpp"

namespace certpivot::command {

Service::Service(settings::LogChoice const& choice, std::unique_ptr<journal::Journal> journal_)
    : log(choice.level, choice.format, Log::stderr_is_journal()), journal(std::move(journal_)) {}

void harden_process() {
  (void)::prctl(PR_SET_DUMPABLE, 0);
  (void)std::signal(SIGPIPE, SIG_IGN);
  (void)::mallopt(M_ARENA_MAX, 1);
  crypto::warm_up();
}

void leave(Service& service, int code) {
  process::kill_all();
  if (service.workers.busy())
    service.log.warning("", "leaving while a read of a file system that does not answer still hangs");
  std::cout.flush();
  std::cerr.flush();
  std::_Exit(code);
}

}  // namespace certpivot::command
