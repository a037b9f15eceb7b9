#include "test_process.hpp"

#include <array>
#include <csignal>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>

namespace certpivot::testing {

TestProcess::TestProcess(std::function<int(Ready const& ready)> const& body) {
  std::array<int, 2> ends{};
  if (::pipe(ends.data()) != 0) throw std::runtime_error("pipe");
  pid_ = ::fork();
  if (pid_ < 0) throw std::runtime_error("fork");
  if (pid_ == 0) {
    for (auto number = 1; number < NSIG; ++number)
      ::signal(number, SIG_DFL);  // doctest has handlers
    ::_exit(body([&ends] {
      char const byte = 'r';
      if (::write(ends[1], &byte, 1) != 1) ::_exit(99);
    }));
  }
  ::close(ends[1]);
  char byte = 0;
  auto const size = ::read(ends[0], &byte, 1);
  ::close(ends[0]);
  if (size != 1) throw std::runtime_error("the child ended before it was ready");
}

TestProcess::~TestProcess() {
  if (pid_ < 0) return;
  ::kill(pid_, SIGKILL);
  static_cast<void>(wait());
}

void TestProcess::becomes_zombie() const {
  ::siginfo_t facts{};
  if (::waitid(P_PID, static_cast<::id_t>(pid_), &facts, WEXITED | WNOWAIT) != 0) {
    throw std::runtime_error("waitid");
  }
}

int TestProcess::wait() {
  auto status = -1;
  ::waitpid(pid_, &status, 0);
  pid_ = -1;
  return status;
}

std::function<int(TestProcess::Ready const&)> sleeping(std::function<void()> prepare) {
  return [prepare = std::move(prepare)](TestProcess::Ready const& ready) {
    prepare();
    ready();
    while (true) ::pause();
    return 0;
  };
}

}  // namespace certpivot::testing
