#pragma once

#include <concepts>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace certpivot {

/// The levels by their names in the configuration, mapped to journald's priorities under systemd
/// (sd-daemon(3)): debug 7, info 6, notice 5, warning 4, error 3.
enum class LogLevel { debug, info, notice, warning, error };
enum class LogFormat { text, json };

/// A text, or a number, which JSON shows as one. Made from either without a word, so that a list of
/// fields reads like one.
struct LogValue {
  LogValue(std::string value) : text(std::move(value)) {}
  LogValue(char const* value) : text(value) {}
  template <std::integral Number>
  LogValue(Number value) : text(std::to_string(value)), number(true) {}

  std::string text;
  bool number = false;
};

/// Extra facts of a line, for machines: text shows `key=value` behind the sentence, JSON has
/// members.
using LogFields = std::vector<std::pair<std::string_view, LogValue>>;

/// One line for each step, on standard error. spdlog does the writing and is seen nowhere else.
/// Lines never hold key bytes; everything from outside is escaped, so that no certificate subject
/// and no hook output can forge a line. Callable from any thread.
class Log {
 public:
  /// `journal`: put "<6>" before each line, as sd-daemon(3) has it, and leave the time to journald.
  Log(LogLevel least, LogFormat format, bool journal);
  /// The same to a file descriptor of the caller's choice; it stays the caller's.
  Log(LogLevel least, LogFormat format, bool journal, int fd);
  Log(Log const&) = delete;
  Log& operator=(Log const&) = delete;
  Log(Log&&) = delete;
  Log& operator=(Log&&) = delete;
  ~Log();

  /// Takes over level and format of a configuration that was read again.
  void configure(LogLevel least, LogFormat format);

  /// `subject` is the certificate's name, or empty for the process as a whole.
  void write(LogLevel level, std::string_view subject, std::string_view sentence,
             LogFields const& fields = {});

  void debug(std::string_view subject, std::string_view sentence, LogFields const& fields = {}) {
    write(LogLevel::debug, subject, sentence, fields);
  }
  void info(std::string_view subject, std::string_view sentence, LogFields const& fields = {}) {
    write(LogLevel::info, subject, sentence, fields);
  }
  void notice(std::string_view subject, std::string_view sentence, LogFields const& fields = {}) {
    write(LogLevel::notice, subject, sentence, fields);
  }
  void warning(std::string_view subject, std::string_view sentence, LogFields const& fields = {}) {
    write(LogLevel::warning, subject, sentence, fields);
  }
  void error(std::string_view subject, std::string_view sentence, LogFields const& fields = {}) {
    write(LogLevel::error, subject, sentence, fields);
  }

  /// True where standard error is journald's own stream (JOURNAL_STREAM, systemd.exec(5)).
  [[nodiscard]] static bool stderr_is_journal();

 private:
  struct Sink;
  std::unique_ptr<Sink> sink_;
};

}  // namespace certpivot
