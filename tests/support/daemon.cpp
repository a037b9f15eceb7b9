#include "support/daemon.hpp"

#include <cstdlib>
#include <optional>
#include <signal.h>
#include <stdexcept>
#include <utility>

#include <boost/json.hpp>

namespace certpivot::testing {
namespace {

std::string text_of(boost::json::object const& line, char const* key) {
  auto const* const value = line.if_contains(key);
  if (value == nullptr) return {};
  return value->is_string() ? std::string(value->as_string()) : boost::json::serialize(*value);
}

// Nothing for a line that is not JSON, as a sanitizer's report.
std::optional<LogLine> parse(std::string const& text) {
  boost::system::error_code error;
  auto const value = boost::json::parse(text, error);
  if (error || !value.is_object()) return std::nullopt;
  auto const& object = value.as_object();
  std::string const generation = text_of(object, "generation");
  return LogLine{text_of(object, "level"),
                 text_of(object, "certificate"),
                 text_of(object, "message"),
                 text_of(object, "event"),
                 generation.empty() ? 0 : std::stoull(generation),
                 text_of(object, "reasons"),
                 text_of(object, "fingerprint"),
                 text};
}

std::vector<LogLine> parse_all(std::string const& output) {
  std::vector<LogLine> lines;
  for (std::size_t begin = 0, end = 0; (end = output.find('\n', begin)) != std::string::npos;
       begin = end + 1) {
    if (auto line = parse(output.substr(begin, end - begin))) lines.push_back(std::move(*line));
  }
  return lines;
}

}  // namespace

std::string certpivot_binary() {
  char const* const given = std::getenv("CERTPIVOT_BINARY");
  return given != nullptr ? given : CERTPIVOT_BINARY;
}

Outcome certpivot(std::vector<std::string> arguments, std::vector<std::string> const& environment) {
  arguments.insert(arguments.begin(), certpivot_binary());
  return run_program(arguments, environment);
}

Daemon::Daemon(std::string const& config, std::vector<std::string> under) {
  under.insert(under.end(), {certpivot_binary(), "run", "-c", config});
  program_ = std::make_unique<Program>(under);
  next("configuration_loaded");
}

LogLine Daemon::next(std::string const& event, std::string const& certificate) {
  return next_that("the event " + event, [&](LogLine const& line) {
    return line.event == event && (certificate.empty() || line.certificate == certificate);
  });
}

LogLine Daemon::ending_of(std::string const& fingerprint) {
  return next_that("an ending of " + fingerprint, [&](LogLine const& line) {
    bool const ending = line.event == "committed" || line.event == "refused" ||
                        line.event == "rolled_back" || line.event == "failed";
    return ending && line.fingerprint == fingerprint;
  });
}

LogLine Daemon::next_that(std::string const& what,
                          std::function<bool(LogLine const&)> const& fits) {
  std::optional<LogLine> found;
  program_->wait_for_output([&](std::string const& output) {
    auto const lines = parse_all(output);
    for (std::size_t i = given_; i < lines.size() && !found; ++i) {
      if (!fits(lines[i])) continue;
      found = lines[i];
      given_ = i + 1;
    }
    return found.has_value();
  });
  if (!found) throw std::runtime_error("it ended without " + what + ":\n" + output());
  return *found;
}

std::vector<LogLine> Daemon::lines() const { return parse_all(output()); }

std::vector<LogLine> Daemon::all(std::string const& event) const {
  std::vector<LogLine> matching;
  for (LogLine const& line : lines()) {
    if (line.event == event) matching.push_back(line);
  }
  return matching;
}

void Daemon::wait_for_text(std::string const& text) const {
  bool const there = program_->wait_for_output(
      [&](std::string const& output) { return output.find(text) != std::string::npos; });
  if (!there) throw std::runtime_error("it ended without saying " + text + ":\n" + output());
}

void Daemon::reload() const { program_->send(SIGHUP); }

int Daemon::stop() {
  if (!program_->ended()) program_->send(SIGTERM);
  return program_->wait();
}

void Daemon::kill() {
  program_->send(SIGKILL);
  program_->wait();
}

}  // namespace certpivot::testing
