// Writes the inputs that the targets begin with: fuzz_seeds DIRECTORY, one folder a target.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "fuzz/pieces.hpp"
#include "support/pki.hpp"

namespace {

using namespace certpivot::testing;

/// Valid at pieces.hpp's judged_at, for ten years.
struct Pki {
  certpivot::WallTime from = std::chrono::sys_days(std::chrono::year(2026) / 1 / 1);
  certpivot::WallTime to = std::chrono::sys_days(std::chrono::year(2036) / 1 / 1);
  Authority root = Authority({.common_name = "Root", .not_before = from, .not_after = to});
  Authority intermediate =
      root.intermediate({.common_name = "Intermediate", .not_before = from, .not_after = to});

  [[nodiscard]] Pair issue(LeafOptions options = {}) const {
    options.not_before = from;
    options.not_after = to;
    return intermediate.issue(options);
  }
};

void write(std::filesystem::path const& folder, std::vector<std::string> const& inputs) {
  std::filesystem::create_directories(folder);
  for (std::size_t at = 0; at < inputs.size(); ++at)
    std::ofstream(folder / ("seed-" + std::to_string(at)), std::ios::binary) << inputs[at];
}

std::string files(std::string const& first, std::string const& second, std::string const& third) {
  return first + std::string(divider) + second + std::string(divider) + third;
}

std::vector<std::string> pem_inputs(Pki const& pki) {
  std::string const root = pki.root.pem();
  Pair const pair = pki.issue({.names = {"web.internal", "spiffe://example.org/web", "10.0.0.7"}});
  Pair const rsa_pair = pki.issue({.key = rsa(2048)});
  Pair const edwards = pki.issue({.key = ed25519});
  std::string const unordered = pki.intermediate.pem() + pair.leaf_pem + pair.leaf_pem;
  return {files(pair.certificate_pem, pair.key_pem, root),
          files(rsa_pair.certificate_pem, rsa_pair.key_pem, root),
          files(rsa_pair.certificate_pem, traditional_key(rsa_pair.key_pem), root),
          files(edwards.certificate_pem, edwards.key_pem, root),
          files(unordered, traditional_key(pair.key_pem), root),
          files(pair.key_pem + pair.certificate_pem, "", root),
          files(der_of(pair.leaf_pem), der_of(pair.key_pem), root + pki.intermediate.pem()),
          files(pair.certificate_pem, encrypted_key(pair.key_pem, "secret"), root)};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: fuzz_seeds DIRECTORY\n", stderr);
    return 64;
  }
  std::filesystem::path const top = argv[1];
  Pki const pki;
  write(top / "pem", pem_inputs(pki));
}
