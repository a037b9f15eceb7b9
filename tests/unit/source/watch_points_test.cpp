#include <algorithm>

#include <doctest/doctest.h>

#include "source/watch.hpp"
#include "support/sources.hpp"
#include "support/temp_directory.hpp"

using namespace certpivot;
using namespace certpivot::testing;
namespace fs = std::filesystem;

namespace {

using Names = std::set<std::string>;

/// The names watched in a directory; "not watched" where it is none of the points.
Names names_in(std::vector<source::WatchPoint> const& points, fs::path const& directory) {
  auto const found = std::find_if(points.begin(), points.end(), [&](auto const& point) {
    return point.directory == directory.string();
  });
  return found == points.end() ? Names{"not watched"} : found->names;
}

settings::Source source_in(fs::path const& place) {
  settings::Source source;
  source.directory = place.string();
  return source;
}

}  // namespace

TEST_CASE("plain files are watched by name in their directory, those above for their own move") {
  TempDirectory const place;
  place.write("a/b/tls.crt", "");
  place.write("a/b/tls.key", "");
  auto const points = source::watch_points(source_in(place / "a/b"));
  CHECK(names_in(points, place / "a/b") == Names{"tls.crt", "tls.key", "ca.crt"});
  CHECK(names_in(points, place / "a").empty());
  CHECK(names_in(points, place.path()).empty());
  CHECK(names_in(points, "/tmp").empty());
  CHECK(points.size() == 4);
}

TEST_CASE("a Kubernetes volume is watched for ..data, and behind it") {
  TempDirectory const place;
  AtomicWriter writer(place.path());
  writer.write({{"tls.crt", ""}, {"tls.key", ""}});
  auto const points = source::watch_points(source_in(place.path()));
  CHECK(names_in(points, place.path()) == Names{"tls.crt", "tls.key", "ca.crt", "..data"});
  CHECK(names_in(points, place / "..2026_11_20_20_31_1") == Names{"tls.crt", "tls.key"});
}

TEST_CASE("links to absolute and relative places, by way of the parent, are followed") {
  TempDirectory const place;
  TempDirectory const elsewhere;
  place.write("archive/1.pem", "");
  place.make("live/web");
  fs::create_symlink("../../archive/1.pem", place / "live/web/tls.crt");
  elsewhere.write("real.key", "");
  fs::create_symlink(elsewhere / "real.key", place / "live/web/tls.key");
  auto const points = source::watch_points(source_in(place / "live/./web/"));
  CHECK(names_in(points, place / "live/web") == Names{"tls.crt", "tls.key", "ca.crt"});
  CHECK(names_in(points, place / "archive") == Names{"1.pem"});
  CHECK(names_in(points, elsewhere.path()) == Names{"real.key"});
}

TEST_CASE("a file beside the source is watched like those in it") {
  TempDirectory const place;
  place.write("a/tls.crt", "");
  place.write("lists/ca.crl", "");
  auto source = source_in(place / "a");
  source.also_watched = {(place / "lists/ca.crl").string()};
  CHECK(names_in(source::watch_points(source), place / "lists") == Names{"ca.crl"});
}

TEST_CASE("a missing component is awaited in the last directory that exists") {
  TempDirectory const place;
  auto const points = source::watch_points(source_in(place / "later/web"));
  CHECK(names_in(points, place.path()) == Names{"later"});
  CHECK(names_in(points, place / "later") == Names{"not watched"});
}

TEST_CASE("a loop of links ends, and each of its links is watched") {
  TempDirectory const place;
  fs::create_symlink("b", place / "a");
  fs::create_symlink("a", place / "b");
  auto source = source_in(place.path());
  source.bundle = "a";
  auto const points = source::watch_points(source);
  CHECK(names_in(points, place.path()) == Names{"a", "b", "ca.crt"});
}

TEST_CASE("a chain of links counts as a loop where the kernel says so, not before") {
  TempDirectory const place;
  place.write("link0", "");
  for (int at = 1; at <= 41; ++at)
    fs::create_symlink("link" + std::to_string(at - 1), place / ("link" + std::to_string(at)));
  auto source = source_in(place.path());
  source.bundle = "link40";
  CHECK(names_in(source::watch_points(source), place.path()).contains("link0"));
  source.bundle = "link41";
  CHECK(!names_in(source::watch_points(source), place.path()).contains("link0"));
}
