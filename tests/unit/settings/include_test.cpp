#include <filesystem>

#include <doctest/doctest.h>

#include "reading.hpp"
#include "support/temp_directory.hpp"

using namespace certpivot::testing;
namespace settings = certpivot::settings;

namespace {

std::string certificate_named(std::string const& name) {
  return "[[certificate]]\nname = \"" + name + "\"\nsource.directory = \"/mnt/certpivot-test/" +
         name + "\"\n";
}

std::vector<std::string> names(settings::Checked<settings::Settings> const& read) {
  std::vector<std::string> all = sentences(read);
  if (read)
    for (auto const& certificate : read->certificates) all.push_back(certificate.name);
  return all;
}

}  // namespace

TEST_CASE("included files are read in the order of their names, each once, after the main file") {
  TempDirectory const directory;
  auto const main =
      directory.write("x.toml", "[agent]\ninclude = [\"b/*.toml\", \"b/2.toml\", \"a.toml\"]\n" +
                                    certificate_named("main"));
  directory.write("b/2.toml", certificate_named("two"));
  directory.write("b/1.toml", certificate_named("one") + certificate_named("one-more"));
  directory.write("b/3.conf", "not read");
  directory.write("a.toml", certificate_named("a"));
  CHECK(names(settings::read(main.string())) == Sentences{"main", "a", "one", "one-more", "two"});
}

TEST_CASE("conf.d beside the file is included unless the file says otherwise") {
  TempDirectory const directory;
  directory.write("conf.d/web.toml", certificate_named("web"));
  CHECK(names(settings::read(directory.write("x.toml", "").string())) == Sentences{"web"});
  auto const without =
      directory.write("y.toml", "agent.include = []\n" + certificate_named("main"));
  CHECK(names(settings::read(without.string())) == Sentences{"main"});
}

TEST_CASE("patterns may be absolute, and letters of the directory are no wildcards") {
  TempDirectory const directory;
  directory.write("a[b]*/in/web.toml", certificate_named("web"));
  directory.write("ab/in/wrong.toml", certificate_named("wrong"));
  auto const beside = directory.write("a[b]*/x.toml", "agent.include = [\"in/*\"]\n");
  CHECK(names(settings::read(beside.string())) == Sentences{"web"});
  auto const far =
      directory.write("y.toml", "agent.include = [\"" + directory.string() + "/ab/in/*.toml\"]\n");
  CHECK(names(settings::read(far.string())) == Sentences{"wrong"});
}

TEST_CASE("a pattern that the file itself matches does not include it again") {
  TempDirectory const directory;
  auto const main =
      directory.write("x.toml", "agent.include = [\"*.toml\"]\n" + certificate_named("main"));
  directory.write("y.toml", certificate_named("other"));
  CHECK(names(settings::read(main.string())) == Sentences{"main", "other"});
}

TEST_CASE("an included certificate inherits the main file's [expiry]") {
  TempDirectory const directory;
  directory.write("conf.d/web.toml", certificate_named("web"));
  auto const read =
      settings::read(directory.write("x.toml", "[expiry]\nwarning = \"99%\"\n").string());
  REQUIRE(read.has_value());
  CHECK(read->certificates.at(0).expiry.warning.share == certpivot::Share{99});
}

TEST_CASE("complaints name the file they are about, the main file first") {
  TempDirectory const directory;
  directory.write("conf.d/1.toml", certificate_named("web") + "[expiry]\n[agent]\nlisten = 1\n");
  directory.write("conf.d/2.toml", certificate_named("web") + "[extra]\n");
  directory.write("conf.d/3.toml", "= 1\n");
  std::filesystem::create_symlink("nowhere", directory / "conf.d/4.toml");
  auto const main = directory.write("x.toml", certificate_named("main") + "[extra]\n").string();
  std::string const below = directory.string() + "/conf.d/";
  auto const found = sentences(settings::read(main));
  REQUIRE(found.size() == 7);
  CHECK(found[0] == main + ":4:2: unknown key 'extra'");
  CHECK(found[1] == below + "1.toml:4:2: 'expiry' belongs into the main file, not an included one");
  CHECK(found[2] == below + "1.toml:5:2: 'agent' belongs into the main file, not an included one");
  CHECK(found[3] == below + "2.toml:2:8: certificate name \"web\" is taken already, at " + below +
                        "1.toml:2:8");
  CHECK(found[4] == below + "2.toml:4:2: unknown key 'extra'");
  CHECK(found[5].rfind(below + "3.toml:1:1: ", 0) == 0);
  CHECK(found[6] == below + "4.toml: cannot read the configuration: No such file or directory");
}

TEST_CASE("a name without wildcards must be there, a pattern need not match") {
  TempDirectory const directory;
  auto const main = directory.write(
      "x.toml", "[agent]\ninclude = [\"none/*.toml\", \"web.toml\"]\n" + certificate_named("main"));
  CHECK(sentences(settings::read(main.string())) ==
        Sentences{main.string() +
                  ":2:11: 'agent.include' names a file that is not there: \"web.toml\""});
}

TEST_CASE("a directory that cannot be searched is a complaint") {
  TempDirectory const directory;
  std::filesystem::create_directory_symlink("conf.d", directory / "conf.d");
  auto const main = directory.write("x.toml", certificate_named("main")).string();
  CHECK(sentences(settings::read(main)) ==
        Sentences{main +
                  ":1:1: 'agent.include' can't look for \"conf.d/*.toml\": a directory in it "
                  "can't be read"});
}
