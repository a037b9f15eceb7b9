#include "publish/directory.hpp"

#include <ostream>
#include <sys/stat.h>

#include <doctest/doctest.h>

#include "base/on_exit.hpp"
#include "unit/publish/published.hpp"

using namespace certpivot;
using namespace certpivot::testing;
namespace fs = std::filesystem;

namespace {

unsigned mode_of(fs::path const& path) {
  struct ::stat facts {};
  REQUIRE(::lstat(path.c_str(), &facts) == 0);
  return facts.st_mode & 07777;
}

}  // namespace

TEST_CASE(
    "a missing publish directory is made with its parents, open to readers whatever the umask") {
  Published published;
  published.settings.directory = (published.temporary / "a/b/web/").string();
  ::mode_t const before = ::umask(0077);
  OnExit const restore([before] { (void)::umask(before); });
  auto const target = published.open();
  REQUIRE(target->prepare());
  for (char const* name : {"a", "a/b", "a/b/web", "a/b/web/generations"})
    CHECK(mode_of(published.temporary / name) == 0755);
  CHECK(target->paths(true).key == (published.temporary / "a/b/web/current/tls.key").string());
}

TEST_CASE("nothing is touched before prepare, and nothing is published then") {
  Published const published;
  auto const target = published.open();
  CHECK(target->current() == publish::Number{0});
  CHECK(target->generations()->empty());
  CHECK_FALSE(fs::exists(published.settings.directory));
  auto const staged = target->stage(1, content("a"));
  REQUIRE_FALSE(staged);
  CHECK(staged.error().code == std::errc::no_such_file_or_directory);
}

TEST_CASE("preparing twice changes nothing") {
  Published const published;
  auto const target = published.open();
  REQUIRE(target->prepare());
  REQUIRE(target->stage(1, content("a")));
  REQUIRE(target->pivot(1));
  std::string const before = tree(published.settings.directory);
  REQUIRE(target->prepare());
  CHECK(tree(published.settings.directory) == before);
}

TEST_CASE("a directory that holds what certpivot did not make is refused, not cleaned") {
  Published const published;
  auto const target = published.open();
  REQUIRE(target->prepare());
  REQUIRE(target->stage(1, content("a")));
  REQUIRE(target->pivot(1));
  fs::create_directory(published.at("generations/.staging-2"));
  std::string foreign;
  SUBCASE("a file") { write_file(published.at(foreign = "notes.txt"), ""); }
  SUBCASE("a hidden file") { write_file(published.at(foreign = ".hidden"), ""); }
  SUBCASE("a directory") { fs::create_directory(published.at(foreign = "backup")); }
  SUBCASE("a file with the name of a link of ours") {
    fs::remove(published.at("tls.crt"));
    write_file(published.at(foreign = "tls.crt"), "theirs");
  }
  SUBCASE("a link to somewhere else") {
    fs::create_symlink("/etc/passwd", published.at(foreign = "other"));
  }
  SUBCASE("current as a directory") {
    fs::remove(published.at("current"));
    fs::create_directory(published.at(foreign = "current"));
  }
  SUBCASE("current to somewhere else") {
    fs::remove(published.at("current"));
    fs::create_symlink("/etc", published.at(foreign = "current"));
  }
  SUBCASE("a file among the generations") {
    write_file(published.at(foreign = "generations/readme"), "");
  }
  SUBCASE("a number with a leading zero") {
    fs::create_directory(published.at(foreign = "generations/01"));
  }
  SUBCASE("a file in a generation whose name no setting takes") {
    write_file(published.at(foreign = "generations/1/.extra.pem"), "");
  }
  SUBCASE("a further file in what never was a generation") {
    fs::create_directory(published.at("generations/2"));
    write_file(published.at("generations/2/tls.crt"), "");
    write_file(published.at(foreign = "generations/2/extra.pem"), "");
  }
  SUBCASE("a link among the files of a generation") {
    fs::create_symlink("tls.crt", published.at(foreign = "generations/1/extra.pem"));
  }
  SUBCASE("a link to a file of the current generation under another name") {
    fs::create_symlink("current/tls.crt", published.at(foreign = "extra.pem"));
  }
  SUBCASE("a directory in what a crash left") {
    fs::create_directories(published.at(foreign = "generations/.staging-2/tls.key"));
  }
  SUBCASE("a link in place of a generation") {
    fs::create_directory_symlink("/etc", published.at(foreign = "generations/2"));
  }
  REQUIRE_FALSE(foreign.empty());
  std::string const before = tree(published.settings.directory);
  std::size_t const descriptors = open_descriptors();
  auto const refused = target->prepare();
  REQUIRE_FALSE(refused);
  CHECK(refused.error().where == published.at(foreign).string());
  CHECK(refused.error().remedy.find("move it away") != std::string::npos);
  CHECK(tree(published.settings.directory) == before);
  CHECK(open_descriptors() == descriptors);
}

TEST_CASE("generations/ as a link is refused") {
  Published const published;
  fs::create_directories(published.settings.directory);
  fs::create_directory_symlink("/tmp", published.at("generations"));
  auto const target = published.open();
  CHECK_FALSE(target->prepare());
  CHECK_FALSE(target->stage(1, content("a")));
}

TEST_CASE("further files are known as certpivot's own when nothing asks for them any more") {
  Published published;
  published.settings.combined = "haproxy.pem";
  auto const before = published.open();
  REQUIRE(before->prepare());
  REQUIRE(before->stage(1, content("a")));
  REQUIRE(before->pivot(1));
  // Half of a removal and half of a staging, at the moment when the pair alone is left.
  for (char const* name : {"generations/.discarded-9/", "generations/.staging-9/"}) {
    fs::create_directories(published.at(name));
    for (char const* file : {"tls.crt", "tls.key", "haproxy.pem"})
      write_file(published.at(name + std::string(file)), "half");
  }
  published.settings.combined.clear();
  auto const after = published.open();
  REQUIRE(after->prepare());
  CHECK(tree(published.at("generations")) == "1 1/ca.crt 1/haproxy.pem 1/tls.crt 1/tls.key ");
  CHECK(read_file(published.at("haproxy.pem")) == "a\na\n");
}

TEST_CASE("what a crash left behind is removed") {
  Published const published;
  auto const target = published.open();
  REQUIRE(target->prepare());
  REQUIRE(target->stage(1, content("a")));
  REQUIRE(target->pivot(1));
  std::string const before = tree(published.settings.directory);
  fs::create_directories(published.at("generations/.staging-2"));
  write_file(published.at("generations/.staging-2/tls.key"), "half a k");
  fs::create_directories(published.at("generations/.discarded-1"));
  write_file(published.at("generations/.discarded-1/tls.crt"), "old");
  fs::create_symlink("generations/2", published.at(".current-2"));
  REQUIRE(target->prepare());
  CHECK(tree(published.settings.directory) == before);
  CHECK(target->current() == publish::Number{1});
}

TEST_CASE("current that leads elsewhere is told, and nothing is pivoted over it") {
  Published const published;
  auto const target = published.open();
  REQUIRE(target->prepare());
  REQUIRE(target->stage(1, content("a")));
  SUBCASE("a link to elsewhere") { fs::create_symlink("/etc", published.at("current")); }
  SUBCASE("a file") { write_file(published.at("current"), "x"); }
  SUBCASE("out of generations") {
    fs::create_symlink("generations/../../1", published.at("current"));
  }
  CHECK_FALSE(target->current());
  CHECK_FALSE(target->pivot(1));
  CHECK_FALSE(target->prune(2, 0));
  CHECK(fs::exists(fs::symlink_status(published.at("current"))));
}

TEST_CASE("a publish directory removed while running is made again") {
  Published const published;
  auto const target = published.open();
  REQUIRE(target->prepare());
  REQUIRE(target->stage(1, content("a")));
  REQUIRE(target->pivot(1));
  fs::remove_all(published.settings.directory);
  CHECK(target->current() == publish::Number{0});
  REQUIRE(target->prepare());
  REQUIRE(target->stage(2, content("b")));
  REQUIRE(target->pivot(2));
  CHECK(read_file(published.at("tls.crt")) == "b");
}

TEST_CASE("a file where the publish directory should be is told") {
  Published const published;
  write_file(published.settings.directory, "x");
  auto const target = published.open();
  auto const refused = target->prepare();
  REQUIRE_FALSE(refused);
  CHECK(refused.error().text().find("Not a directory; name a directory") != std::string::npos);
}

TEST_CASE("paths lead through current, and those of a generation to itself") {
  Published const published;
  auto const target = published.open();
  std::string const directory = published.settings.directory;
  CHECK(target->paths(true).certificate == directory + "/current/tls.crt");
  CHECK(target->paths(true).ca == directory + "/current/ca.crt");
  CHECK(target->paths(false).ca.empty());
}

TEST_CASE("a debt is noted beside current, once, and forgotten") {
  Published published;
  auto const target = published.open();
  REQUIRE(target->prepare());
  CHECK(target->owes() == false);
  REQUIRE(target->owe(true));
  REQUIRE(target->owe(true));
  CHECK(target->owes() == true);
  REQUIRE(target->stage(1, content("one")));
  REQUIRE(target->pivot(1));
  CHECK(target->prepare());  // it is nothing foreign
  CHECK(target->owes() == true);
  REQUIRE(target->owe(false));
  REQUIRE(target->owe(false));
  CHECK(target->owes() == false);
}

TEST_CASE("a debt for a pivot that was never made is forgotten") {
  Published published;
  auto const target = published.open();
  REQUIRE(target->prepare());
  REQUIRE(target->owe(true));
  REQUIRE(target->prepare());
  CHECK(target->owes() == false);
}
