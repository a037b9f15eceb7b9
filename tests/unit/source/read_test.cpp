#include "source/read.hpp"

#include <atomic>
#include <set>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include <doctest/doctest.h>

#include "crypto/library.hpp"
#include "crypto/system_bundle.hpp"
#include "support/sources.hpp"
#include "support/temp_directory.hpp"

using namespace certpivot;
using namespace certpivot::testing;
namespace fs = std::filesystem;

namespace {

settings::Source source_in(TempDirectory const& place) {
  settings::Source source;
  source.directory = place.string();
  return source;
}

/// Descriptors that this process has open.
std::ptrdiff_t open_files() {
  return std::distance(fs::directory_iterator("/proc/self/fd"), fs::directory_iterator{});
}

source::Fault only_fault(settings::Source const& source) {
  auto const before = open_files();
  auto const answer = source::read(source);
  CHECK(open_files() == before);
  REQUIRE(!answer);
  REQUIRE(answer.error().size() == 1);
  return answer.error().front();
}

bool says(source::Fault const& fault, std::string_view words) {
  INFO(fault.text);
  bool const found = fault.text.find(words) != std::string::npos;
  CHECK_MESSAGE(found, words);
  return found;
}

}  // namespace

TEST_CASE("a snapshot holds the bytes, the facts and the digest of its files") {
  TempDirectory const place;
  place.write("versions/1.crt", "chain", 0644);
  fs::create_symlink("versions/1.crt", place / "tls.crt");
  place.write("tls.key", "key", 0640);
  place.write("ca.crt", "ca", 0604);
  auto const before = open_files();
  auto const snapshot = source::read(source_in(place));
  CHECK(open_files() == before);
  REQUIRE(snapshot);
  CHECK(snapshot->certificate.bytes.view() == "chain");
  CHECK(snapshot->certificate.facts.path == (place / "tls.crt"));
  CHECK(snapshot->certificate.facts.link_target == "versions/1.crt");
  CHECK(snapshot->certificate.facts.mode == Mode{0644});
  CHECK(snapshot->key.bytes.view() == "key");
  CHECK(snapshot->key.facts.link_target.empty());
  CHECK(snapshot->key.facts.mode == Mode{0640});
  CHECK(snapshot->key.facts.owner == ::geteuid());
  REQUIRE(snapshot->ca);
  CHECK(snapshot->ca->bytes.view() == "ca");
  CHECK(snapshot->digest == crypto::digest({"chain", "key", "ca"}));
}

TEST_CASE("the digest depends on contents only") {
  TempDirectory const one;
  TempDirectory const other;
  one.write("tls.crt", "chain", 0644);
  one.write("tls.key", "key", 0600);
  other.write("tls.crt", "chain", 0600);
  other.write("tls.key", "key", 0644);
  auto const first = source::read(source_in(one));
  CHECK(first->digest == source::read(source_in(other))->digest);
  other.write("tls.key", "kez", 0644);
  CHECK(first->digest != source::read(source_in(other))->digest);
}

TEST_CASE("a certificate alone is a snapshot without a key") {
  TempDirectory const place;
  settings::Source source;
  source.certificate = place.write("tls.crt", "chain").string();
  source.key.clear();
  source.ca.clear();
  auto const snapshot = source::read(source);
  REQUIRE(snapshot);
  CHECK(snapshot->certificate.bytes.view() == "chain");
  CHECK_FALSE(snapshot->has_key());
}

TEST_CASE("a bundle is certificate and key in one") {
  TempDirectory const place;
  place.write("both.pem", "key and chain", 0600);
  auto source = source_in(place);
  source.bundle = "both.pem";
  auto const snapshot = source::read(source);
  REQUIRE(snapshot);
  CHECK(snapshot->certificate.bytes.view() == "key and chain");
  CHECK(snapshot->key.bytes.view() == "key and chain");
  CHECK(snapshot->key.facts.path == (place / "both.pem"));
  CHECK(!snapshot->ca);
  CHECK(snapshot->digest == crypto::digest({"key and chain"}));
}

TEST_CASE("absolute names are read without a directory, and the default ca is not searched for") {
  TempDirectory const certificates;
  TempDirectory const keys;
  settings::Source source;
  source.certificate = certificates.write("web.crt", "chain").string();
  source.key = keys.write("web.key", "key").string();
  auto const snapshot = source::read(source);
  REQUIRE(snapshot);
  CHECK(snapshot->certificate.bytes.view() == "chain");
  CHECK(snapshot->key.bytes.view() == "key");
  CHECK(!snapshot->ca);
}

TEST_CASE("a missing ca is a fault only where it was asked for") {
  TempDirectory const place;
  place.write("tls.crt", "chain");
  place.write("tls.key", "key");
  auto source = source_in(place);
  CHECK(source::read(source)->digest == crypto::digest({"chain", "key"}));
  source.ca_required = true;
  auto const fault = only_fault(source);
  CHECK(fault.kind == source::FaultKind::missing);
  CHECK(fault.path == (place / "ca.crt"));
}

TEST_CASE("an empty file is read as what it is") {
  TempDirectory const place;
  place.write("tls.crt", "");
  place.write("tls.key", "key");
  auto const snapshot = source::read(source_in(place));
  REQUIRE(snapshot);
  CHECK(snapshot->certificate.bytes.empty());
}

TEST_CASE("every fault of every file is told, each with its own sentence") {
  TempDirectory const place;
  place.make("tls.crt");
  fs::create_symlink("tls.key", place / "tls.key");
  REQUIRE(::mkfifo((place / "ca.crt").c_str(), 0600) == 0);
  auto const answer = source::read(source_in(place));
  REQUIRE(!answer);
  REQUIRE(answer.error().size() == 3);
  CHECK(answer.error()[0].kind == source::FaultKind::not_regular);
  says(answer.error()[0], "it is a directory");
  CHECK(answer.error()[1].kind == source::FaultKind::unreadable);
  says(answer.error()[1], "circle");
  CHECK(answer.error()[2].kind == source::FaultKind::not_regular);
  says(answer.error()[2], "it is a FIFO");
}

TEST_CASE("a device is not read") {
  TempDirectory const place;
  place.write("tls.key", "key");
  auto source = source_in(place);
  source.certificate = "/dev/zero";
  auto const fault = only_fault(source);
  CHECK(fault.kind == source::FaultKind::not_regular);
  says(fault, "cannot read /dev/zero: it is a character device");
}

TEST_CASE("a file of 100 MB is refused by its size") {
  TempDirectory const place;
  place.write("tls.crt", "");
  fs::resize_file(place / "tls.crt", 100'000'000);
  place.write("tls.key", "key");
  auto const fault = only_fault(source_in(place));
  CHECK(fault.kind == source::FaultKind::too_large);
  says(fault, "1048576 bytes");
}

TEST_CASE("a file as large as the limit is read, one byte more is not") {
  TempDirectory const place;
  place.write("tls.crt", std::string(source::size_limit, 'x'));
  place.write("tls.key", "key");
  auto const snapshot = source::read(source_in(place));
  REQUIRE(snapshot);
  CHECK(snapshot->certificate.bytes.size() == source::size_limit);
  place.write("tls.crt", std::string(source::size_limit + 1, 'x'));
  CHECK(only_fault(source_in(place)).kind == source::FaultKind::too_large);
}

TEST_CASE("a CRL that is too large to be published is to be named beside the source") {
  TempDirectory const place;
  place.write("tls.crt", "chain");
  place.write("tls.key", "key");
  auto source = source_in(place);
  source.crl = "ca.crl";
  place.write("ca.crl", std::string(source::size_limit, 'x'));
  CHECK(source::read(source));
  place.write("ca.crl", std::string(source::size_limit + 1, 'x'));
  auto const fault = only_fault(source);
  CHECK(fault.kind == source::FaultKind::too_large);
  says(fault, "name it in trust.crl_files");
}

TEST_CASE("a file whose system reports no size is read to its end") {
  TempDirectory const place;
  place.write("tls.key", "key");
  auto source = source_in(place);
  source.certificate = "/proc/version";
  auto const snapshot = source::read(source);
  REQUIRE(snapshot);
  CHECK(snapshot->certificate.bytes.view() == read_file("/proc/version"));
}

TEST_CASE("a missing file, a missing directory and a link to nothing are told apart") {
  TempDirectory const place;
  place.write("tls.key", "key");
  auto source = source_in(place);
  auto fault = only_fault(source);
  CHECK(fault.kind == source::FaultKind::missing);
  says(fault, "tls.crt: the file does not exist");

  source.certificate = "sub//deep/tls.crt";
  fault = only_fault(source);
  CHECK(fault.kind == source::FaultKind::missing);
  says(fault, "the directory " + (place / "sub").string() + " does not exist");

  fs::create_symlink("..data/tls.crt", place / "linked.crt");
  source.certificate = "linked.crt";
  fault = only_fault(source);
  CHECK(fault.kind == source::FaultKind::missing);
  says(fault, "linked.crt is a link to ..data/tls.crt, and " + (place / "..data").string() +
                  " does not exist");

  source.certificate = "tls.key/tls.crt";
  fault = only_fault(source);
  CHECK(fault.kind == source::FaultKind::unreadable);
  says(fault, (place / "tls.key").string() + " is not a directory");
}

TEST_CASE("a missing source directory is one fault, not one for each file") {
  TempDirectory const place;
  auto source = source_in(place);
  source.directory = (place / "later").string();
  auto const fault = only_fault(source);
  CHECK(fault.kind == source::FaultKind::missing);
  CHECK(fault.path == source.directory);
  says(fault, "does not exist");
}

TEST_CASE("a file that may not be read names the user, the owner and the remedy") {
  TempDirectory const place;
  place.write("tls.crt", "chain", 0644);
  place.write("tls.key", "key", 0000);
  fs::permissions(place.path(), fs::perms(0755));
  place.make("closed");
  place.write("closed/tls.key", "key", 0644);
  fs::permissions(place / "closed", fs::perms::none);
  // A child, since a process has one user; its exit status says which check failed.
  auto const child = ::fork();
  if (child == 0) {
    if (::geteuid() == 0 && (::setgid(65534) != 0 || ::setuid(65534) != 0)) ::_exit(9);
    auto source = source_in(place);
    auto const file = source::read(source);
    source.key = "closed/tls.key";
    auto const directory = source::read(source);
    if (file || directory) ::_exit(1);
    auto const& one = file.error().front();
    if (one.kind != source::FaultKind::unreadable) ::_exit(2);
    if (one.text.find("certpivot runs as user ") == std::string::npos) ::_exit(3);
    if (one.text.find("with mode 0000") == std::string::npos) ::_exit(4);
    if (one.text.find("chmod g+r " + (place / "tls.key").string()) == std::string::npos) ::_exit(5);
    auto const& other = directory.error().front();
    if (other.text.find("may not enter " + (place / "closed").string()) == std::string::npos)
      ::_exit(6);
    ::_exit(0);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  fs::permissions(place / "closed", fs::perms::owner_all);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
}

TEST_CASE("links that flip while they are read never give a mixed pair") {
  TempDirectory const place;
  AtomicWriter writer(place.path());
  writer.write({{"tls.crt", "0"}, {"tls.key", "0"}, {"ca.crt", "0"}});
  std::atomic<bool> done{false};
  std::thread flipping([&] {
    for (int version = 1; !done; ++version) {
      auto const text = std::to_string(version);
      writer.write({{"tls.crt", text}, {"tls.key", text}, {"ca.crt", text}});
    }
  });
  int whole = 0;
  int mixed = 0;
  std::set<std::string> versions;
  for (int reads = 0; reads < 2000; ++reads) {
    auto const snapshot = source::read(source_in(place));
    if (!snapshot) continue;
    ++whole;
    versions.insert(std::string(snapshot->key.bytes.view()));
    bool const same = snapshot->certificate.bytes.view() == snapshot->key.bytes.view() &&
                      snapshot->ca && snapshot->ca->bytes.view() == snapshot->key.bytes.view();
    if (!same) ++mixed;
  }
  done = true;
  flipping.join();
  CHECK(mixed == 0);
  CHECK(whole > 0);
  CHECK(versions.size() > 1);  // otherwise nothing flipped while it was read
}

TEST_CASE("files rewritten in place give only states that stood on the disk") {
  TempDirectory const place;
  // The writer's order makes certificate == key, or certificate one ahead, or one of them empty; a
  // certificate behind its key never stood there.
  place.write("tls.crt", "1000");
  place.write("tls.key", "1000");
  std::atomic<bool> done{false};
  std::thread rewriting([&] {
    for (int version = 1001; !done; ++version) {
      rewrite_in_place(place / "tls.crt", std::to_string(version));
      rewrite_in_place(place / "tls.key", std::to_string(version));
    }
  });
  int whole = 0;
  int impossible = 0;
  for (int reads = 0; reads < 5000; ++reads) {
    auto const snapshot = source::read(source_in(place));
    if (!snapshot || snapshot->certificate.bytes.empty() || snapshot->key.bytes.empty()) continue;
    ++whole;
    auto const chain = std::stoi(std::string(snapshot->certificate.bytes.view()));
    auto const key = std::stoi(std::string(snapshot->key.bytes.view()));
    if (chain != key && chain != key + 1) ++impossible;
  }
  done = true;
  rewriting.join();
  CHECK(impossible == 0);
  MESSAGE("whole snapshots: ", whole);
}

TEST_CASE("a file that never settles is a fault of its own, and reading it ends") {
  TempDirectory const place;
  place.write("tls.crt", "chain");
  place.write("tls.key", "key");
  std::atomic<bool> done{false};
  std::thread flipping([&] {
    for (int version = 0; !done; ++version) rename_over(place / "tls.crt", std::to_string(version));
  });
  // Renames are quicker than reads most of the time, not every time.
  bool seen = false;
  for (int reads = 0; reads < 20000 && !seen; ++reads) {
    auto const snapshot = source::read(source_in(place));
    if (snapshot) continue;
    seen = snapshot.error().front().kind == source::FaultKind::changing;
  }
  done = true;
  flipping.join();
  CHECK(seen);
}

TEST_CASE("anchors are a file, or the system's bundle") {
  TempDirectory const place;
  auto const file = place.write("anchors.pem", "anchors");
  CHECK(*source::read_anchors(file.string()) == "anchors");
  auto const missing = source::read_anchors((place / "none.pem").string());
  REQUIRE(!missing);
  CHECK(missing.error().text().find("does not exist") != std::string::npos);

  REQUIRE(::setenv("SSL_CERT_FILE", file.c_str(), 1) == 0);
  CHECK(crypto::system_bundle() == file);
  CHECK(*source::read_anchors("system") == "anchors");
  REQUIRE(::unsetenv("SSL_CERT_FILE") == 0);
  CHECK(crypto::system_bundle().starts_with("/etc/"));
}
