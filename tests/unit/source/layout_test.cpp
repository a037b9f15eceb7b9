#include "source/layout.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <doctest/doctest.h>

#include "base/unique_fd.hpp"
#include "source/names.hpp"
#include "source/read.hpp"
#include "source/watch.hpp"
#include "support/holds.hpp"
#include "support/temp_directory.hpp"

using namespace certpivot;
using namespace certpivot::testing;

namespace {

settings::Source source_in(std::filesystem::path const& directory) {
  settings::Source source;
  source.directory = directory.string();
  source.find_names = true;
  return source;
}

source::FoundLayout found_in(std::filesystem::path const& directory) {
  UniqueFd const opened(::open(directory.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  return source::find_layout(opened.get(), directory);
}

std::vector<std::string> names(std::vector<source::Name> const& all) {
  std::vector<std::string> names;
  for (source::Name const& one : all) names.push_back(one.name);
  return names;
}

std::vector<std::string> everything_of(source::Layout const& layout) {
  auto all = layout.required();
  all.insert(all.end(), layout.ca.begin(), layout.ca.end());
  return all;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("each layout is found where it alone stands, and read") {
  for (source::Layout const& layout : source::known_layouts("/certs/web.internal")) {
    TempDirectory const place;
    auto const directory = place.make("web.internal");
    for (std::string const& name : everything_of(layout)) place.write("web.internal/" + name, name);
    CAPTURE(layout.required().front());
    auto const found = found_in(directory);
    CHECK(found.complete);
    CHECK(found.layout.required() == layout.required());
    auto const snapshot = source::read(source_in(directory));
    REQUIRE(snapshot);
    CHECK(snapshot->certificate.bytes.view() == layout.required().front());
    CHECK(snapshot->key.bytes.view() == layout.required().back());
    CHECK(snapshot->ca.has_value() == !layout.ca.empty());
    if (snapshot->ca) CHECK(snapshot->ca->bytes.view() == layout.ca.front());
  }
}

TEST_CASE("of several complete layouts the first one wins, whatever else is half there") {
  TempDirectory const place;
  place.write("fullchain.pem", "");
  place.write("privkey.pem", "");
  CHECK(found_in(place.path()).layout.writer == "certbot's");
  place.write("svid.pem", "");
  place.write("svid_key.pem", "");
  place.write("tls.crt", "");
  CHECK(found_in(place.path()).layout.writer == "certbot's");
  place.write("tls.key", "");
  CHECK(found_in(place.path()).layout.certificate == "tls.crt");
  auto const all = source::complete_layouts(source_in(place.path()));
  REQUIRE(all.size() == 3);
  CHECK(all[0].certificate == "tls.crt");
  CHECK(all[2].writer == "spiffe-helper's");
}

TEST_CASE("where none is complete, the fault names what is missing of the one that was begun") {
  TempDirectory const place;
  place.write("privkey.pem", "");
  auto const begun = source::read(source_in(place.path()));
  REQUIRE_FALSE(begun);
  REQUIRE(begun.error().size() == 1);
  CHECK(begun.error().front().path == (place / "fullchain.pem").string());
}

TEST_CASE("where none is begun, one fault of the directory lists the names that are looked for") {
  TempDirectory const place;
  place.write("keystore.p12", "");
  auto source = source_in(place.path());
  auto const nothing = source::read(source);
  REQUIRE_FALSE(nothing);
  REQUIRE(nothing.error().size() == 1);
  source::Fault const& fault = nothing.error().front();
  CHECK(fault.kind == source::FaultKind::missing);
  CHECK(fault.path == place.path().string());
  std::string const name = place.path().filename();
  for (std::string const& names :
       {std::string("looked for, tls.crt and tls.key, "), std::string(", credentials.pem, "),
        ", " + name + ".pem and " + name + "-key.pem; "})
    CHECK(fault.text.find(names) != std::string::npos);
  source.passphrase_file = "/nonexistent/pass";
  CHECK(source::read(source).error().size() == 2);
}

TEST_CASE("links that all lead nowhere are told with where they lead, as certbot's may") {
  TempDirectory const place;
  for (std::string const name : {"cert", "chain", "fullchain", "privkey"})
    std::filesystem::create_symlink("../../archive/web/" + name + "1.pem", place / (name + ".pem"));
  auto const answer = source::read(source_in(place.path()));
  REQUIRE_FALSE(answer);
  REQUIRE(answer.error().size() == 2);
  CHECK(answer.error()[0].path == place / "fullchain.pem");
  CHECK(holds(answer.error()[0].text, "is a link to ../../archive/web/fullchain1.pem"));
  CHECK(answer.error()[1].path == place / "privkey.pem");
}

TEST_CASE("of a directory that may not be searched, that is told, and not that it were empty") {
  TempDirectory const place;
  place.write("fullchain.pem", "", 0644);
  place.write("privkey.pem", "", 0644);
  std::filesystem::permissions(place.path(), std::filesystem::perms(0444));
  // A child, since a process has one user; its exit status says what was wrong.
  auto const child = ::fork();
  if (child == 0) {
    if (::geteuid() == 0 && (::setgid(65534) != 0 || ::setuid(65534) != 0)) ::_exit(9);
    auto const answer = source::read(source_in(place.path()));
    if (answer) ::_exit(1);
    for (auto const& fault : answer.error()) {
      if (fault.kind != source::FaultKind::unreadable) ::_exit(2);
      if (!holds(fault.text, "may not enter " + place.string())) ::_exit(3);
    }
    ::_exit(0);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  std::filesystem::permissions(place.path(), std::filesystem::perms::owner_all);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
}

TEST_CASE("a link that leads nowhere is no file") {
  TempDirectory const place;
  std::filesystem::create_symlink("gone", place / "tls.crt");
  place.write("tls.key", "");
  place.write("svid.pem", "");
  place.write("svid_key.pem", "");
  CHECK(found_in(place.path()).layout.writer == "spiffe-helper's");
}

TEST_CASE("a directory gives its name to its files however its path is written") {
  for (char const* const path : {"/certs/web", "/certs/web/", "/certs//web/.", "/certs/x/../web"}) {
    CAPTURE(path);
    auto const last = source::known_layouts(path).back();
    CHECK(last.required() == Names{"web.pem", "web-key.pem"});
  }
}

TEST_CASE("the first CA bundle that is there counts, and the configuration before that") {
  TempDirectory const place;
  for (char const* const name : {"certificate", "private_key", "ca_chain", "mine.pem"})
    place.write(name, "");
  auto source = source_in(place.path());
  CHECK(names(source::names_of(source)) == Names{"certificate", "private_key", "ca_chain"});
  place.write("issuing_ca", "");
  CHECK(names(source::names_of(source)) == Names{"certificate", "private_key", "issuing_ca"});
  source.ca = "mine.pem";
  source.ca_required = true;
  CHECK(names(source::names_of(source)) == Names{"certificate", "private_key", "mine.pem"});
  source.ca.clear();
  source.ca_required = false;
  CHECK(names(source::names_of(source)) == Names{"certificate", "private_key"});
}

TEST_CASE("names that are configured are not searched for") {
  TempDirectory const place;
  place.write("fullchain.pem", "");
  place.write("privkey.pem", "");
  auto source = source_in(place.path());
  source.find_names = false;
  CHECK(names(source::names_of(source)) == Names{"tls.crt", "tls.key", "ca.crt"});
}

TEST_CASE("a complete layout is watched alone, and every layout while none is complete") {
  TempDirectory const place;
  auto const watched = [&] { return names(source::names_to_watch(source_in(place.path()))); };
  for (char const* const name : {"tls.crt", "svid_key.pem", "privkey.pem", "credentials.pem"}) {
    auto const all = watched();
    CHECK(std::find(all.begin(), all.end(), name) != all.end());
  }
  place.write("private_key", "");
  CHECK(watched().size() > 3);
  place.write("certificate", "");
  CHECK(watched() == Names{"certificate", "private_key", "issuing_ca", "ca_chain"});
}
