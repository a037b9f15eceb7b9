#include "log/log.hpp"

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <mutex>
#include <sys/stat.h>
#include <unistd.h>

#include <spdlog/logger.h>
#include <spdlog/sinks/base_sink.h>

#include "base/private_key_text.hpp"
#include "log/line.hpp"

namespace certpivot {

namespace {

/// A notice has no level of its own in spdlog, so each of ours is one lower than its namesake
/// there.
spdlog::level::level_enum to_spdlog(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return spdlog::level::trace;
    case LogLevel::info:
      return spdlog::level::debug;
    case LogLevel::notice:
      return spdlog::level::info;
    case LogLevel::warning:
      return spdlog::level::warn;
    case LogLevel::error:
      break;
  }
  return spdlog::level::err;
}

/// Writes whole lines with write(2). A reader that is gone or a full disk costs the line, never the
/// daemon: there is nobody left to tell.
class DescriptorSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit DescriptorSink(int fd) : fd_(fd) {}

 private:
  void sink_it_(spdlog::details::log_msg const& message) override {
    std::string_view rest(message.payload.data(), message.payload.size());
    while (!rest.empty()) {
      ::ssize_t const written = ::write(fd_, rest.data(), rest.size());
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) return;
      rest.remove_prefix(static_cast<std::size_t>(written));
    }
  }
  void flush_() override {}

  int fd_;
};

WallTime now() {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

}  // namespace

struct Log::Sink {
  Sink(int fd, bool to_journal)
      : logger("certpivot", std::make_shared<DescriptorSink>(fd)), journal(to_journal) {}
  spdlog::logger logger;
  std::atomic<LogFormat> format = LogFormat::text;
  bool const journal;
};

Log::Log(LogLevel least, LogFormat format, bool journal)
    : Log(least, format, journal, STDERR_FILENO) {}

Log::Log(LogLevel least, LogFormat format, bool journal, int fd)
    : sink_(std::make_unique<Sink>(fd, journal)) {
  configure(least, format);
}

Log::~Log() = default;

void Log::configure(LogLevel least, LogFormat format) {
  sink_->logger.set_level(to_spdlog(least));
  sink_->format = format;
}

void Log::write(LogLevel level, std::string_view subject, std::string_view sentence,
                LogFields const& fields) {
  auto const spdlog_level = to_spdlog(level);
  if (!sink_->logger.should_log(spdlog_level)) return;
  WallTime const time = now();
  // Whoever hands a sentence over has left keys out; this is for the one that has not.
  std::string const safe = without_private_keys(sentence);
  LogLine const line{level, subject, safe, fields, sink_->journal ? nullptr : &time};
  std::string text(sink_->journal ? journal_prefix(level) : std::string_view());
  text += sink_->format == LogFormat::text ? text_line(line) : json_line(line);
  text += '\n';
  sink_->logger.log(spdlog_level, spdlog::string_view_t(text.data(), text.size()));
}

bool Log::stderr_is_journal() {
  char const* const stream = std::getenv("JOURNAL_STREAM");
  if (stream == nullptr) return false;
  std::string_view const text(stream);
  auto const colon = text.find(':');
  if (colon == std::string_view::npos) return false;
  struct ::stat facts {};
  if (::fstat(STDERR_FILENO, &facts) != 0) return false;
  return text.substr(0, colon) == std::to_string(facts.st_dev) &&
         text.substr(colon + 1) == std::to_string(facts.st_ino);
}

}  // namespace certpivot
