#include "loop/answer_within.hpp"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <doctest/doctest.h>

using namespace certpivot;

TEST_CASE("what ends in time gives its answer") {
  CHECK(answer_within(std::chrono::minutes(1), [] { return 42; }) == 42);
}

TEST_CASE("what does not end in time is left behind, and nothing waits for it") {
  auto const never = std::make_shared<std::promise<void>>();
  auto const answer = answer_within(std::chrono::milliseconds(1), [never] {
    never->get_future().wait();
    return 42;
  });
  REQUIRE_FALSE(answer);
  CHECK(answer.error() == std::errc::timed_out);
  never->set_value();
}

TEST_CASE("where no thread is to be had, that is the error, and not that time was over") {
  // In a child: the limit cannot be raised again. Root has none.
  auto const child = ::fork();
  if (child == 0) {
    if (::geteuid() == 0 && ::setuid(65534) != 0) ::_exit(9);
    ::rlimit const none{0, 0};
    if (::setrlimit(RLIMIT_NPROC, &none) != 0) ::_exit(8);
    auto const answer = answer_within(std::chrono::minutes(1), [] { return 42; });
    if (answer) ::_exit(1);
    ::_exit(answer.error() == std::errc::resource_unavailable_try_again ? 0 : 2);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
}
