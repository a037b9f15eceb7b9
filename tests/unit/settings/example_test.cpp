#include <filesystem>
#include <regex>
#include <set>
#include <sstream>

#include <doctest/doctest.h>

#include "reading.hpp"
#include "settings/report.hpp"
#include "support/repository.hpp"
#include "support/temp_directory.hpp"

/// config/certpivot.toml is the reference of all keys. These tests hold it against the readers,
/// both ways: it names no key that they don't know, and leaves out none that they do.
using namespace certpivot::testing;
namespace fs = std::filesystem;
namespace settings = certpivot::settings;

namespace {

fs::path config_directory() { return repository() / "config"; }

std::vector<std::string> example() {
  std::vector<std::string> lines;
  std::istringstream text(read_file(config_directory() / "certpivot.toml"));
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  return lines;
}

std::string joined(std::vector<std::string> const& lines) {
  std::string text;
  for (std::string const& line : lines) text += line + "\n";
  return text;
}

/// A directory of plugins in the place of the usual one, where nothing may be installed.
struct Plugins {
  [[nodiscard]] std::string named_in(std::string text) const {
    std::string const usual = "plugins = \"" + settings::Agent().plugins + "\"";
    std::string const ours = "plugins = \"" + directory.string() + "\"";
    auto const at = text.find(usual);
    return at == std::string::npos ? "[agent]\n" + ours + "\n" + text
                                   : text.replace(at, usual.size(), ours);
  }
  TempDirectory directory = {};
  fs::path grpc = directory.write("certpivot-grpc", "");
};

std::regex const key_line(R"(^([a-z_0-9]+) = .*)");
std::regex const commented_key(R"(^# ([a-z_0-9]+) = .*)");
std::regex const header(R"(^(?:# )?\[\[?([a-z.]+)\]\]?.*)");

bool is_header(std::string const& line) { return std::regex_match(line, header); }
bool is_commented_header(std::string const& line) {
  return line.starts_with("# ") && is_header(line);
}

/// Line `at` without its "# ", and out of the way the line of the same table with the same key.
std::vector<std::string> with_key(std::vector<std::string> lines, std::size_t at) {
  lines[at].erase(0, 2);
  std::string const key = lines[at].substr(0, lines[at].find(' ') + 1);
  auto const displace = [&](std::size_t other) {
    if (other != at && lines[other].starts_with(key)) lines[other].insert(0, "# ");
  };
  for (std::size_t i = at; i-- > 0 && !is_header(lines[i]);) displace(i);
  for (std::size_t i = at; i < lines.size() && !is_header(lines[i]); ++i) displace(i);
  return lines;
}

/// The commented-out block that begins at `at`, up to the next empty line, without its "# ".
std::vector<std::string> with_block(std::vector<std::string> lines, std::size_t& at) {
  for (; at < lines.size() && lines[at].starts_with("# "); ++at) lines[at].erase(0, 2);
  return lines;
}

/// Every way in which the file can be had: as it is, and with each commented key and block in
/// force.
std::vector<std::string> variants(std::vector<std::string> const& lines) {
  std::vector<std::string> all{joined(lines)};
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (is_commented_header(lines[i]))
      all.push_back(joined(with_block(lines, i)));
    else if (std::regex_match(lines[i], commented_key))
      all.push_back(joined(with_key(lines, i)));
  }
  return all;
}

/// The full names of all keys in the file, commented out or not, those of inline tables included.
std::set<std::string> written_keys(std::vector<std::string> const& lines) {
  std::set<std::string> keys;
  std::string table;
  for (std::string const& line : lines) {
    std::smatch match;
    if (std::regex_match(line, match, header)) {
      table = match[1];
      for (std::size_t dot = 0; dot != std::string::npos; dot = table.find('.', dot + 1))
        keys.insert(dot == 0 ? table : table.substr(0, dot));
      keys.insert(table);
    } else if (std::regex_match(line, match, key_line) ||
               std::regex_match(line, match, commented_key)) {
      std::string const key = table + "." + match[1].str();
      keys.insert(key);
      static std::regex const inner(R"([{,] ([a-z_]+) = )");
      for (std::sregex_iterator it(line.begin(), line.end(), inner), end; it != end; ++it)
        keys.insert(key + "." + (*it)[1].str());
    }
  }
  return keys;
}

}  // namespace

TEST_CASE("the example is without complaint and holds every default") {
  auto const read = settings::read_text(joined(example()), "x.toml");
  REQUIRE(sentences(read) == Sentences{});
  settings::Certificate expected;
  expected.name = "web";
  expected.source.directory = "/mnt/certs/web";
  expected.source.find_names = true;
  expected.publish = settings::Publish{.directory = "/run/certs/web"};
  expected.hooks = {{.type = "nginx"}};
  expected.probes = {{.address = "127.0.0.1:443", .server_name = "web.internal"}};
  REQUIRE(read->certificates.size() == 1);
  CHECK(read->certificates[0] == expected);
  CHECK(read->agent == settings::Agent{});
}

TEST_CASE("every commented key of the example is one that is read, or refused as one of later") {
  auto const lines = example();
  Plugins const plugins;
  std::size_t refused = 0;
  std::size_t read = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    std::size_t const first = i;
    std::string text;
    if (is_commented_header(lines[i]))
      text = joined(with_block(lines, i));
    else if (std::regex_match(lines[i], commented_key))
      text = joined(with_key(lines, i));
    else
      continue;
    CAPTURE(lines[first]);
    bool marked = false;
    for (std::size_t line = first; line <= i && line < lines.size(); ++line)
      marked = marked || lines[line].find("(later)") != std::string::npos;
    auto const found = complaints(plugins.named_in(text));
    for (std::string const& sentence : found)
      CHECK_MESSAGE(sentence.find("is not supported by this build") != std::string::npos, sentence);
    CHECK(found.empty() != marked);
    ++(found.empty() ? read : refused);
  }
  // Both kinds are there, or the patterns above would have matched nothing.
  CHECK(refused > 5);
  CHECK(read > 4);
}

TEST_CASE("every key that the readers know stands in the example") {
  auto const lines = example();
  settings::Report report;
  for (std::string const& text : variants(lines)) (void)settings::read_text(text, "x.toml", report);
  CHECK(report.known().size() > 90);
  std::set<std::string> const written = written_keys(lines);
  for (std::string const& key : report.known()) CHECK_MESSAGE(written.contains(key), key);
}

TEST_CASE("every recipe in config/examples is accepted as written, and stands in the table there") {
  std::string const table = read_file(config_directory() / "examples/README.md");
  Plugins const plugins;
  std::size_t count = 0;
  for (auto const& entry : fs::directory_iterator(config_directory() / "examples")) {
    if (entry.path().extension() != ".toml") continue;
    CAPTURE(entry.path());
    auto const read = settings::read_text(plugins.named_in(read_file(entry.path())), "x.toml");
    CHECK(sentences(read) == Sentences{});
    if (read) CHECK(!read->certificates.empty());
    std::string const name = entry.path().filename();
    CHECK(table.find("[" + name + "](" + name + ")") != std::string::npos);
    ++count;
  }
  CHECK(count > 10);
}

TEST_CASE("the recipe for nginx says what its comments promise") {
  auto const read = settings::read((config_directory() / "examples/nginx.toml").string());
  REQUIRE(sentences(read) == Sentences{});
  REQUIRE(read->certificates.size() == 1);
  settings::Certificate expected;
  expected.name = "web";
  expected.source.directory = "/mnt/certs/web";
  expected.source.find_names = true;
  expected.trust.anchors = "/etc/pki/internal-ca.pem";
  expected.trust.purpose = settings::Purpose::both;
  expected.trust.names = {"web.internal"};
  expected.publish = settings::Publish{.directory = "/run/certs/web", .key_mode = {0600}};
  expected.hooks = {{.type = "nginx"}};
  expected.probes = {{.address = "127.0.0.1:443", .server_name = "web.internal", .present = true}};
  CHECK(read->certificates[0] == expected);
}

TEST_CASE("every check that trust.relax takes stands in the man page") {
  std::string const page = read_file(config_directory() / "man/certpivot.toml.5");
  for (std::string_view const check : settings::strict_checks)
    CHECK_MESSAGE(page.find("\n" + std::string(check)) != std::string::npos, check);
}
