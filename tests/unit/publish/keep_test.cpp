#include <ostream>

#include <doctest/doctest.h>

#include "unit/publish/published.hpp"

using namespace certpivot;
using namespace certpivot::testing;
namespace fs = std::filesystem;
using Numbers = std::vector<publish::Number>;

namespace {

/// Generations 1 to `most`, the first of them current.
std::unique_ptr<publish::Target> staged(Published const& published, publish::Number most) {
  auto target = published.open();
  REQUIRE(target->prepare());
  for (publish::Number number = 1; number <= most; ++number)
    REQUIRE(target->stage(number, content("a")));
  REQUIRE(target->pivot(1));
  return target;
}

}  // namespace

TEST_CASE("the oldest generations go until as many as asked are left") {
  Published const published;
  auto const target = staged(published, 12);
  REQUIRE(target->pivot(12));
  REQUIRE(target->prune(5, 11));
  CHECK(target->generations() == Numbers{8, 9, 10, 11, 12});
  REQUIRE(target->prune(5, 11));
  CHECK(target->generations() == Numbers{8, 9, 10, 11, 12});
  CHECK(tree(published.at("generations")).find(" .") == std::string::npos);
}

TEST_CASE("the current generation and the one named are never pruned, however old") {
  Published const published;
  auto const target = staged(published, 6);
  REQUIRE(target->prune(2, 3));
  CHECK(target->generations() == Numbers{1, 3});
  REQUIRE(target->prune(0, 3));
  CHECK(target->generations() == Numbers{1, 3});
  CHECK(read_file(published.at("tls.crt")) == "a");
}

TEST_CASE("a discarded generation is gone, and discarding what is gone is no error") {
  Published const published;
  auto const target = staged(published, 2);
  REQUIRE(target->discard(2));
  CHECK(target->generations() == Numbers{1});
  CHECK(target->discard(2));
  CHECK(target->stage(2, content("again")));
}

TEST_CASE("the current generation is not discarded") {
  Published const published;
  auto const target = staged(published, 2);
  CHECK_FALSE(target->discard(1));
  CHECK(read_file(published.at("tls.crt")) == "a");
}

TEST_CASE("a generation is read back as it was staged") {
  Published const published;
  auto const target = published.open();
  REQUIRE(target->prepare());
  std::string const key("k\0y\n", 4);
  REQUIRE(target->stage(1, {"chain", key, "anchors", "revoked"}));
  REQUIRE(target->stage(2, {"chain", key, std::nullopt}));
  auto const stored = target->load(1);
  REQUIRE(stored);
  CHECK(stored->view().certificate == "chain");
  CHECK(stored->view().key == key);
  CHECK(stored->view().ca == std::string_view("anchors"));
  CHECK(stored->view().crl == std::string_view("revoked"));
  CHECK(stored->view().extras.empty());
  CHECK_FALSE(target->load(2)->view().ca.has_value());
  CHECK_FALSE(target->load(2)->view().crl.has_value());
}

TEST_CASE("a generation read back names its further files, and staged again has those asked for") {
  Published published;
  published.settings.fullchain = "full.pem";
  published.settings.combined = "all.pem";
  auto const before = staged(published, 1);
  auto const stored = before->load(1);
  REQUIRE(stored);
  CHECK(stored->view().extras == std::vector<std::string>{"all.pem", "full.pem"});
  published.settings.combined = "another.pem";
  auto const after = published.open();
  REQUIRE(after->stage(2, stored->view()));
  CHECK(after->load(2)->extras == std::vector<std::string>{"another.pem", "full.pem"});
  CHECK(read_file(published.at("generations/2/another.pem")) == "a\na\n");
}

TEST_CASE("a generation loses its pair last, so that what a crash leaves of it is told by that") {
  Published published;
  published.settings.combined = "zz.pem";
  auto const target = staged(published, 2);
  // Stands for the crash: a directory is not unlinked.
  fs::remove(published.at("generations/2/tls.crt"));
  fs::create_directory(published.at("generations/2/tls.crt"));
  CHECK_FALSE(target->discard(2));
  CHECK(tree(published.at("generations/.discarded-2")) == "tls.crt tls.key ");
}

TEST_CASE("a generation that somebody damaged is told, not read half") {
  Published const published;
  auto const target = staged(published, 1);
  fs::remove(published.at("generations/1/tls.key"));
  SUBCASE("a missing key") {}
  SUBCASE("a link in place of the key") {
    fs::create_symlink("/etc/hostname", published.at("generations/1/tls.key"));
  }
  SUBCASE("a directory in place of the key") {
    fs::create_directory(published.at("generations/1/tls.key"));
  }
  auto const stored = target->load(1);
  REQUIRE_FALSE(stored);
  CHECK(stored.error().where == published.at("generations/1/tls.key").string());
}

TEST_CASE("a generation that is not there cannot be read back") {
  Published const published;
  auto const target = staged(published, 1);
  auto const stored = target->load(7);
  REQUIRE_FALSE(stored);
  CHECK(stored.error().code == std::errc::no_such_file_or_directory);
}
