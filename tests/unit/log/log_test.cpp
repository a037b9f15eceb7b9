#include "log/log.hpp"

#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <string>
#include <sys/stat.h>
#include <thread>
#include <vector>

#include <boost/json/parse.hpp>
#include <doctest/doctest.h>

#include "base/on_exit.hpp"
#include "base/unique_fd.hpp"
#include "support/temp_directory.hpp"

using namespace certpivot;
namespace json = boost::json;

namespace {

/// A log that writes to a file, and what stands in it.
class LogFile {
 public:
  explicit LogFile(LogFormat format, bool journal = false, LogLevel least = LogLevel::debug)
      : file_(
            ::open((directory_ / "log").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)),
        log(least, format, journal, file_.get()) {}
  [[nodiscard]] std::string text() const { return directory_.read("log"); }
  /// The text behind the time, which is checked to be one.
  [[nodiscard]] std::string timeless() const {
    std::string const all = text();
    CHECK(all.size() > 25);
    CHECK(all.substr(4, 1) == "-");
    CHECK(all.substr(10, 1) == "T");
    CHECK(all.substr(19, 1) == ".");
    CHECK(all.substr(23, 2) == "Z ");
    return all.substr(25);
  }

 private:
  testing::TempDirectory directory_;
  UniqueFd file_;

 public:
  Log log;
};

json::object parsed(std::string const& line) { return json::parse(line).as_object(); }

}  // namespace

TEST_CASE("a text line has time, level, certificate, sentence and fields") {
  LogFile file(LogFormat::text);
  file.log.info("web", "generation 7 is in force", {{"generation", 7}, {"hook", "nginx -s x"}});
  CHECK(file.timeless() ==
        "info    web: generation 7 is in force generation=7 hook=\"nginx -s x\"\n");
}

TEST_CASE("a line of the whole process names no certificate") {
  LogFile file(LogFormat::text);
  file.log.warning("", "stopping");
  CHECK(file.timeless() == "warning stopping\n");
}

TEST_CASE("nothing from outside can forge a text line") {
  LogFile file(LogFormat::text);
  file.log.error("we\nb", "sub\rject \x1b[31m\x7f\x80 back\\slash \xC2\x9B",
                 {{"k", "a\nb"}, {"empty", ""}, {"q", "say \"x\""}});
  CHECK(file.timeless() ==
        "error   we\\nb: sub\\x0dject \\x1b[31m\\x7f\xEF\xBF\xBD back\\\\slash \\x9b k=a\\nb "
        "empty=\"\" q=\"say \\\"x\\\"\"\n");
}

TEST_CASE("a private key in a sentence is left out, whoever handed it over") {
  LogFile file(LogFormat::text);
  file.log.error(
      "", "it said -----BEGIN PRIVATE KEY-----\nMIGHAgEA\n-----END PRIVATE KEY----- and left");
  CHECK(file.timeless() == "error   it said [a private key was left out here] and left\n");
}

TEST_CASE("a number is a number in a JSON line, and a text of digits is not") {
  LogFile file(LogFormat::json);
  file.log.info("web", "done", {{"generation", std::uint64_t{7}}, {"serial", "7"}});
  auto const object = parsed(file.text());
  CHECK(object.at("generation").to_number<int>() == 7);
  CHECK(object.at("serial").as_string() == "7");
}

TEST_CASE("a JSON line is one object on one line, whatever its parts hold") {
  LogFile file(LogFormat::json);
  file.log.notice("we\"b", std::string("line\nbreak\t\0 \xFF \\", 17), {{"path", "/a\"b\n"}});
  std::string const text = file.text();
  CHECK(text.find('\n') == text.size() - 1);
  json::object const line = parsed(text);
  CHECK(line.at("level").as_string() == "notice");
  CHECK(line.at("certificate").as_string() == "we\"b");
  CHECK(line.at("message").as_string() == json::string_view("line\nbreak\t\0 \xEF\xBF\xBD \\", 19));
  CHECK(line.at("path").as_string() == "/a\"b\n");
  CHECK(line.at("time").as_string().size() == 24);
}

TEST_CASE("under journald a line has its priority in front and no time") {
  LogFile file(LogFormat::text, true);
  file.log.debug("", "a");
  file.log.info("", "b");
  file.log.notice("", "c");
  file.log.warning("", "d");
  file.log.error("web", "e");
  CHECK(file.text() ==
        "<7>debug   a\n<6>info    b\n<5>notice  c\n<4>warning d\n<3>error   web: e\n");
}

TEST_CASE("JSON under journald leaves the time to it too") {
  LogFile file(LogFormat::json, true);
  file.log.info("", "b");
  CHECK(file.text() == "<6>{\"level\":\"info\",\"message\":\"b\"}\n");
}

TEST_CASE("lines below the level are left out, and a new configuration counts at once") {
  LogFile file(LogFormat::text, true, LogLevel::notice);
  file.log.info("", "not shown");
  file.log.notice("", "shown");
  file.log.configure(LogLevel::info, LogFormat::json);
  file.log.info("", "shown too");
  CHECK(file.text() == "<5>notice  shown\n<6>{\"level\":\"info\",\"message\":\"shown too\"}\n");
}

TEST_CASE("lines of many threads stay whole") {
  LogFile file(LogFormat::json);
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread)
    threads.emplace_back([&file] {
      for (int line = 0; line < 200; ++line) file.log.info("web", std::string(300, 'x'));
    });
  for (auto& thread : threads) thread.join();
  std::string const text = file.text();
  std::size_t lines = 0;
  for (std::size_t start = 0; start < text.size(); ++lines) {
    auto const end = text.find('\n', start);
    CHECK(parsed(text.substr(start, end - start)).at("message").as_string().size() == 300);
    start = end + 1;
  }
  CHECK(lines == 800);
}

TEST_CASE("a reader that is gone costs the line and nothing else") {
  auto* const before = std::signal(SIGPIPE, SIG_IGN);
  OnExit const restore([before] { (void)std::signal(SIGPIPE, before); });
  int ends[2] = {-1, -1};
  REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
  UniqueFd reader(ends[0]);
  UniqueFd const writer(ends[1]);
  Log log(LogLevel::info, LogFormat::text, false, writer.get());
  reader.reset();
  CHECK_NOTHROW(log.info("web", "nobody reads this"));
}

TEST_CASE("a full disk costs the line and nothing else") {
  UniqueFd const full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
  REQUIRE(full.valid());
  Log log(LogLevel::info, LogFormat::text, false, full.get());
  CHECK_NOTHROW(log.info("web", "no room for this"));
}

TEST_CASE("standard error is the journal only where device and inode are the named ones") {
  char const* const old = std::getenv("JOURNAL_STREAM");
  std::string const kept = old == nullptr ? "" : old;
  OnExit const restore([&] {
    if (old == nullptr)
      ::unsetenv("JOURNAL_STREAM");
    else
      ::setenv("JOURNAL_STREAM", kept.c_str(), 1);
  });
  struct ::stat facts {};
  REQUIRE(::fstat(STDERR_FILENO, &facts) == 0);
  std::string const device = std::to_string(facts.st_dev);
  std::string const inode = std::to_string(facts.st_ino);
  ::setenv("JOURNAL_STREAM", (device + ":" + inode).c_str(), 1);
  CHECK(Log::stderr_is_journal());
  for (std::string const& other : {device + ":" + std::to_string(facts.st_ino + 1), device,
                                   std::string(), device + ":", inode + "x:" + device}) {
    ::setenv("JOURNAL_STREAM", other.c_str(), 1);
    CHECK_FALSE(Log::stderr_is_journal());
  }
  ::unsetenv("JOURNAL_STREAM");
  CHECK_FALSE(Log::stderr_is_journal());
}
