#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "loop/task.hpp"

namespace certpivot {
class Workers;
}

/// The only place that starts processes. Boost.Process v2 does it, with the guards that its 1.81
/// needs (see launch.hpp).
namespace certpivot::process {

struct Command {
  std::vector<std::string> words =
      {};  ///< an absolute path and its arguments; no shell is involved
  /// Added to a small clean environment (PATH, LANG, TZ, HOME of the daemon), never the daemon's
  /// whole.
  std::vector<std::pair<std::string, std::string>> environment = {};
  std::string input = {};  ///< written to standard input, which is then closed
  Duration timeout = std::chrono::seconds(10);
  bool errors_apart = false;  ///< standard error into Outcome::errors instead of `output`
};

/// How it ended. `output` is standard output and error together as they came, its first 64 KiB; the
/// rest is read and dropped, so that a chatty child neither blocks nor fills memory. Private keys
/// in PEM are left out of it here, where it enters, so that nobody after this can log one.
struct Outcome {
  int exit_code = -1;      ///< valid where signal == 0 and !timed_out
  int signal = 0;          ///< that ended it
  bool timed_out = false;  ///< the whole process group was ended, TERM first, KILL after a second
  bool truncated = false;  ///< output was longer
  bool left_running = false;  ///< it left a process behind that still holds its output
  std::string output = {};
  std::string errors = {};  ///< standard error where it was to be apart, likewise
  Duration took = {};

  [[nodiscard]] bool good() const { return !timed_out && signal == 0 && exit_code == 0; }
  /// "exited with 3", "was ended by signal 9 (KILL)", "did not end within 10s and was killed".
  [[nodiscard]] std::string sentence(Duration timeout) const;
};

inline constexpr std::size_t output_limit = std::size_t{64} * 1024;

/// Runs `command` in a process group of its own, to its end. Descriptors other than 0, 1 and 2 are
/// closed in it, its signal mask and dispositions are the defaults. Nothing of it stays after a
/// timeout; after a normal end, what it put into the background on purpose is left alone, but
/// nobody reads its output any more. Cannot be cancelled: the timeout bounds it, kill_all() and the
/// end of the loop cut it short. Started by a worker, because the program may be on a mount that
/// hangs. Errors: the program is missing, is not executable, or cannot be started.
[[nodiscard]] Task<Result<Outcome>> run(Command command, Workers& workers);

/// Whether `path` is absolute, there, a regular file and executable for us; what a check can know.
[[nodiscard]] Result<void> check_program(std::string const& path);
/// The same for a whole command: also not empty, and without NUL bytes.
[[nodiscard]] Result<void> check_words(Command const& command);

/// A short, printable form of output for a sentence: its last non-empty lines, control characters
/// escaped, private keys in PEM left out, at most `most` characters.
[[nodiscard]] std::string last_words(std::string_view output, std::size_t most = 512);

/// Ends what every run still in hand has started, at once, for a daemon that must leave now.
void kill_all();

}  // namespace certpivot::process
