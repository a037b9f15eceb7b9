// Writes the inputs that the targets begin with: fuzz_seeds DIRECTORY, one folder a target.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "fuzz/pieces.hpp"
#include "support/crl.hpp"
#include "support/ocsp_response.hpp"
#include "support/pki.hpp"
#include "support/sealed.hpp"

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
          files(pair.certificate_pem, encrypted_key(pair.key_pem, "secret"), root),
          files(pair.certificate_pem, encrypted_traditional_key(pair.key_pem, "secret"), root),
          files(pair.certificate_pem, sealed_key(pair.key_pem, {"secret", Scheme::pbes1_3des, 2}),
                root)};
}

std::vector<std::string> pkcs12_inputs(Pki const& pki) {
  Pair const pair = pki.issue();
  auto const input = [&](Store store, std::string const& passphrase = "secret") {
    if (store.keys.empty()) store.keys = {pair.key_pem};
    store.certificates = pair.certificate_pem;
    store.sealing.passphrase = passphrase;
    // Few rounds, many inputs a second.
    store.sealing.iterations = store.mac_iterations = 2;
    return files(passphrase, pki.root.pem(), pkcs12(store));
  };
  Sealing const legacy{.scheme = Scheme::pbes1_3des};
  Sealing const plain{.scheme = Scheme::none};
  return {input({}), input({}, ""), input({.no_passphrase = true}, ""), input({.mac = false}),
          input({.sealing = legacy, .certificate_scheme = Scheme::pbes1_rc2_40}),
          input({.sealing = legacy, .certificate_scheme = Scheme::pbes1_3des, .mac = false}),
          input({.sealing = plain, .certificate_scheme = Scheme::none}),
          // Nothing keeps a change of these from being understood.
          input({.sealing = plain, .certificate_scheme = Scheme::none, .mac = false}),
          input({.keys = {pki.issue({.key = rsa(2048)}).key_pem},
                 .sealing = plain,
                 .certificate_scheme = Scheme::none,
                 .mac = false}),
          input({.keys = {pair.key_pem, pair.key_pem}})};
}

/// A leaf right below its anchor, as the first two pieces of an input.
struct Direct {
  Pki pki = {};
  Pair pair = issue();

  [[nodiscard]] Pair issue(LeafOptions options = {}) const {
    options.not_before = pki.from;
    options.not_after = pki.to;
    return pki.root.issue(options);
  }
  [[nodiscard]] std::string input(std::string const& last) const {
    return files(pair.leaf_pem + pair.key_pem, pki.root.pem() + pki.root.key_pem(), last);
  }
};

std::vector<std::string> crl_inputs(Direct const& direct) {
  auto const list = [&](CrlOptions options = {}) {
    options.this_update = direct.pki.from;
    if (!options.next_update) options.next_update = direct.pki.to;
    for (CrlEntry& entry : options.entries) entry.at = direct.pki.from;
    return crl(direct.pki.root, options);
  };
  CrlOptions long_list;
  for (int serial = 0; serial < 300; ++serial)
    long_list.entries.push_back({.serial = "4D" + std::to_string(100 + serial), .reason = 1});
  std::string const good = list();
  std::string const revoked = list({.entries = {{direct.pair.serial, {}, 1}}});
  std::string const other = crl(direct.pki.intermediate);
  std::vector<std::string> inputs{direct.input(good), direct.input(good + other),
                                  direct.input(revoked)};
  for (std::string const& pem :
       {good, revoked, list(long_list), list({.entries = {{direct.pair.serial, {}, 8}}}),
        list({.next_update = direct.pki.from + std::chrono::hours(1)}),
        list({.without_next_update = true}), list({.number = 2, .delta_of = 1}),
        list({.scope = "onlyuser:TRUE"}), list({.scope = "onlyCA:TRUE"}),
        list({.scope = "indirectCRL:TRUE"}), list({.scope = "onlysomereasons:keyCompromise"}),
        list({.scope = "fullname:URI:http://crl.internal/ca.crl"}),
        list({.signed_by = &direct.pki.intermediate})}) {
    inputs.push_back(direct.input(der_of(pem)));
  }
  return inputs;
}

std::vector<std::string> ocsp_inputs(Direct const& direct) {
  using Status = OcspResponse::Status;
  using Nonce = OcspResponse::Nonce;
  auto const request = certpivot::crypto::OcspRequest::make(
                           certpivot::crypto::read_certificate(direct.pair.leaf_pem).value(),
                           certpivot::crypto::read_certificate(direct.pki.root.pem()).value())
                           .value();
  // A target asks with a nonce of its own, hence none here.
  auto const input = [&](OcspResponse options, Nonce nonce = Nonce::none) {
    options.nonce = nonce;
    options.this_update = direct.pki.from;
    options.next_update = direct.pki.to;
    return direct.input(ocsp_response(request.der(), direct.pki.root, options));
  };
  Pair const delegate = direct.issue({.common_name = "responder", .purpose = Purpose::ocsp});
  return {input({}),
          input({.status = Status::revoked}),
          input({.status = Status::unknown}),
          input({.without_next_update = true}),
          input({.about = delegate.leaf_pem}),
          input({.signed_by = &delegate}),
          input({.status = Status::revoked, .signed_by = &delegate}),
          input({.signed_by = &direct.pair}),
          input({.failure = 3}),
          input({}, Nonce::other)};
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
  write(top / "pkcs12", pkcs12_inputs(pki));
  Direct const direct{pki};
  write(top / "crl", crl_inputs(direct));
  write(top / "ocsp", ocsp_inputs(direct));
}
