// How long many certificates take whose hooks take a second each: as long as one, if nothing that
// is independent waits for another.
#include <cstdio>
#include <sstream>

#include "stage.hpp"
#include "support/pki.hpp"

namespace fs = std::filesystem;
using namespace certpivot::bench;

namespace {

constexpr int certificates = 50;
constexpr int rounds = 5;

std::string name(int certificate) { return "c" + std::to_string(certificate); }

std::string configuration(fs::path const& root) {
  std::ostringstream text;
  text << "[agent]\nstate = \"" << (root / "state").string() << "\"\n";
  for (int i = 0; i < certificates; ++i)
    text << "[[certificate]]\nname = \"" << name(i) << "\"\nsource.directory = \""
         << (root / "source" / name(i)).string() << "\"\ntrust.anchors = \""
         << (root / "ca.crt").string() << "\"\npublish.directory = \""
         << (root / "publish" / name(i)).string()
         << "\"\n[[certificate.hook]]\ntype = \"exec\"\ncommand = [\"/bin/sleep\", \"1\"]\n";
  return text.str();
}

void offer(fs::path const& source, certpivot::testing::Pair const& pair) {
  fs::create_directories(source);
  write(source / "key.new", pair.key_pem);
  write(source / "crt.new", pair.certificate_pem);
  fs::rename(source / "key.new", source / "tls.key");
  fs::rename(source / "crt.new", source / "tls.crt");
}

}  // namespace

int main() try {
  Place const place("/tmp");
  certpivot::testing::Authority const root;
  write(place.path() / "ca.crt", root.pem());
  for (int i = 0; i < certificates; ++i) offer(place.path() / "source" / name(i), root.issue());
  write(place.path() / "certpivot.toml", configuration(place.path()));
  fs::path const log = place.path() / "daemon.log";
  Process const daemon({CERTPIVOT_BINARY, "run", "-c", place.path() / "certpivot.toml"}, log);
  wait_for(log, "is in force", certificates);
  std::vector<double> took;
  for (int round = 2; round <= rounds + 1; ++round) {
    std::vector<certpivot::testing::Pair> pairs;
    for (int i = 0; i < certificates; ++i) pairs.push_back(root.issue());
    auto const began = Clock::now();
    for (int i = 0; i < certificates; ++i)
      offer(place.path() / "source" / name(i), pairs[static_cast<std::size_t>(i)]);
    wait_for(log, "is in force", static_cast<std::size_t>(round) * certificates);
    took.push_back(Millis(Clock::now() - began).count());
  }
  std::printf(
      "%d certificates that change at once, each with a hook of 1 s: all in force after "
      "%.2f s (median of %d), **%.2f** times one hook.\n",
      certificates, median(took) / 1000, rounds, median(took) / 1000);
  return 0;
} catch (std::exception const& error) {
  (void)std::fprintf(stderr, "bench: %s\n", error.what());
  return 1;
}
