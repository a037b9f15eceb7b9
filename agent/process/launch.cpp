#include "process/launch.hpp"

#include <array>
#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// With BOOST_PROCESS_USE_STD_FS, Boost.Process 1.81 lacks these three includes, so they come first.
#include <boost/optional.hpp>
#include <boost/type_traits/decay.hpp>
#include <boost/type_traits/remove_pointer.hpp>
// The order matters, hence the gap.
#include <boost/process/v2.hpp>

#include "loop/asio.hpp"
#include "process/environment.hpp"

namespace certpivot::process {

namespace {

namespace v2 = boost::process::v2;

boost::system::error_code system_cause() { return {errno, boost::system::system_category()}; }

/// The child's side, between fork and exec: async-signal-safe calls only. A failure leaves errno
/// set, because that is what Boost.Process 1.81 sends home.
struct InChild {
  template <class Launcher>
  boost::system::error_code on_exec_setup(Launcher& launcher,
                                          std::filesystem::path const& /*executable*/,
                                          char const* const* /*words*/) const {
    if (::setpgid(0, 0) != 0) return system_cause();
    // What the daemon ignores or blocks, SIGPIPE above all, a program would inherit.
    struct ::sigaction standard {};
    standard.sa_handler = SIG_DFL;
    for (auto number = 1; number < NSIG; ++number) ::sigaction(number, &standard, nullptr);
    ::sigset_t none;
    ::sigemptyset(&none);
    if (::sigprocmask(SIG_SETMASK, &none, nullptr) != 0) return system_cause();
    return close_others(launcher.fd_whitelist.back());
  }

  /// All but 0, 1, 2 and the pipe that reports a failed exec. Closed here and not by the exec,
  /// which may hang in a mount for ever: another launch's pipe that was inherited would keep that
  /// one waiting for its end.
  [[nodiscard]] static boost::system::error_code close_others(int report) {
    auto const kept = static_cast<unsigned>(report);
    if (kept > 3 && ::close_range(3, kept - 1, 0) != 0) return system_cause();
    if (::close_range(kept + 1, ~0U, 0) != 0) return system_cause();
    return {};
  }

  /// Variadic because 1.81 looks for another number of arguments than it hands over.
  template <class... Arguments>
  void on_exec_error(Arguments&&... /*arguments*/) const {
    ::_exit(127);
  }
};

/// A file in memory at its beginning; nothing is ever written to it again.
Result<UniqueFd> input_file(std::string const& text) {
  constexpr auto sealed_against_execution = 0x8U;  // MFD_NOEXEC_SEAL; kernels before 6.3 refuse it
  UniqueFd file(::memfd_create("certpivot-input", MFD_CLOEXEC | sealed_against_execution));
  if (!file.valid() && errno == EINVAL) file.reset(::memfd_create("certpivot-input", MFD_CLOEXEC));
  if (!file.valid()) return fail_errno("cannot prepare a program's standard input");
  for (std::size_t written = 0; written < text.size();) {
    auto const size = ::write(file.get(), text.data() + written, text.size() - written);
    if (size < 0) return fail_errno("cannot prepare a program's standard input");
    written += static_cast<std::size_t>(size);
  }
  if (::lseek(file.get(), 0, SEEK_SET) != 0) {
    return fail_errno("cannot prepare a program's standard input");
  }
  return file;
}

/// The sentence for an exec that failed although check_words() found nothing wrong.
Error exec_error(std::string const& program, int cause) {
  Error error{"cannot start", program, system_text(cause), {}, {cause, std::generic_category()}};
  if (cause == ENOENT) error.remedy = "the interpreter that its first line names is missing";
  if (cause == EACCES) error.remedy = "make it executable, and not on a noexec mount";
  if (cause == ENOEXEC) error.remedy = "a script needs a first line such as #!/bin/sh";
  return error;
}

struct Pipe {
  UniqueFd reading = {};
  UniqueFd writing = {};
};

Result<Pipe> make_pipe(std::string const& program) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return fail_errno("cannot make a pipe for", program);
  return Pipe{UniqueFd(ends[0]), UniqueFd(ends[1])};
}

/// The pid, or the error; on error no child is left, not even a zombie.
Result<::pid_t> start(Command const& command, int input, int output, int errors) {
  Environment const environment(command.environment);
  // Boost.Process wants one for a process object, which is given up at once.
  asio::io_context nowhere;
  v2::posix::default_launcher launcher;
  launcher.env = environment.data();
  boost::system::error_code failure;
  auto const& program = command.words.front();
  std::vector<std::string> const arguments(command.words.begin() + 1, command.words.end());
  try {
    auto process = launcher(nowhere.get_executor(), failure, std::filesystem::path(program),
                            arguments, v2::process_stdio{input, output, errors}, InChild{});
    if (!failure) {
      process.detach();
      return launcher.pid;
    }
  } catch (std::exception const& thrown) {  // its own pidfd could not be had
    if (launcher.pid > 0) ::kill(launcher.pid, SIGKILL);
    if (launcher.pid > 0) ::waitpid(launcher.pid, nullptr, 0);
    return fail("cannot start", program, thrown.what());
  }
  if (launcher.pid > 0) ::waitpid(launcher.pid, nullptr, 0);
  return fail(exec_error(program, failure.value()));
}

}  // namespace

Result<Launched> launch(Command const& command) {
  auto const& program = command.words.front();
  auto const input = input_file(command.input);
  if (!input) return fail(input.error());
  auto output = make_pipe(program);
  if (!output) return fail(output.error());
  auto errors = command.errors_apart ? make_pipe(program) : Result<Pipe>(Pipe{});
  if (!errors) return fail(errors.error());
  int const error_end = (command.errors_apart ? *errors : *output).writing.get();
  auto const pid = start(command, input->get(), output->writing.get(), error_end);
  if (!pid) return fail(pid.error());
  Launched launched{-1, {}, std::move(output->reading), std::move(errors->reading)};
  launched.pid = *pid;
  launched.exit.reset(static_cast<int>(::syscall(SYS_pidfd_open, *pid, 0)));
  if (launched.exit.valid()) return launched;
  auto error = fail_errno("cannot watch", program);
  ::kill(-*pid, SIGKILL);
  ::waitpid(*pid, nullptr, 0);
  return error;
}

}  // namespace certpivot::process
