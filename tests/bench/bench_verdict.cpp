// Verdicts a second on one thread, beside a bare loop that does on the same bytes what nobody can
// leave out: decode chain and key, compare them, X509_verify_cert(3). Prints ratios; nothing here
// passes or fails by a time.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <openssl/pem.h>

#include "crypto/anchors.hpp"
#include "crypto/handle.hpp"
#include "support/pki.hpp"
#include "trust/judge.hpp"

namespace {

using namespace certpivot;
using namespace certpivot::crypto;
using Clock = std::chrono::steady_clock;

constexpr int rounds = 7;
constexpr int pairs_in_turn = 16;  // so that no cache holds the leaf
constexpr auto round_time = std::chrono::milliseconds(400);

struct Inputs {
  std::vector<testing::Pair> pairs = {};
  std::string root = {};
};

Inputs make_inputs(testing::KeyKind kind) {
  testing::Authority const root({.common_name = "Root", .key = kind});
  testing::Authority const intermediate =
      root.intermediate({.common_name = "Intermediate", .key = kind});
  Inputs inputs{.root = root.pem()};
  for (int i = 0; i < pairs_in_turn; ++i) inputs.pairs.push_back(intermediate.issue({.key = kind}));
  return inputs;
}

BioHandle reader(std::string const& text) {
  return BioHandle(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

int no_passphrase(char*, int, int, void*) { return -1; }

std::shared_ptr<X509_STORE> store_of(std::string const& root) {
  std::shared_ptr<X509_STORE> store(X509_STORE_new(), X509_STORE_free);
  CertificateHandle const anchor(
      PEM_read_bio_X509(reader(root).get(), nullptr, no_passphrase, nullptr));
  X509_STORE_add_cert(store.get(), anchor.get());
  return store;
}

bool verify_bare(testing::Pair const& pair, X509_STORE* store) {
  BioHandle const bio = reader(pair.certificate_pem);
  CertificateHandle const leaf(PEM_read_bio_X509(bio.get(), nullptr, no_passphrase, nullptr));
  CertificatesHandle const chain(sk_X509_new_null());
  while (X509* const one = PEM_read_bio_X509(bio.get(), nullptr, no_passphrase, nullptr))
    sk_X509_push(chain.get(), one);
  KeyHandle const key(
      PEM_read_bio_PrivateKey(reader(pair.key_pem).get(), nullptr, no_passphrase, nullptr));
  if (X509_check_private_key(leaf.get(), key.get()) != 1) return false;
  StoreContextHandle const context(X509_STORE_CTX_new());
  X509_STORE_CTX_init(context.get(), store, leaf.get(), chain.get());
  X509_VERIFY_PARAM_set_auth_level(X509_STORE_CTX_get0_param(context.get()), 2);
  return X509_verify_cert(context.get()) == 1;
}

source::Snapshot snapshot_of(testing::Pair const& pair) {
  source::Snapshot snapshot;
  snapshot.certificate = {{.path = "/src/tls.crt"}, Secret::copy_of(pair.certificate_pem)};
  snapshot.key = {{.path = "/src/tls.key", .mode = {0600}}, Secret::copy_of(pair.key_pem)};
  return snapshot;
}

/// Calls a second of `call`, which gets the number of the pair.
template <class Call>
double rate_of(Call call) {
  auto const begin = Clock::now();
  std::size_t calls = 0;
  for (; Clock::now() - begin < round_time; ++calls)
    if (!call(calls % pairs_in_turn)) throw std::runtime_error("a good pair was refused");
  return static_cast<double>(calls) / std::chrono::duration<double>(Clock::now() - begin).count();
}

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + rounds / 2, values.end());
  return values[rounds / 2];
}

void compare(char const* name, testing::KeyKind kind, bool cached) {
  Inputs const inputs = make_inputs(kind);
  std::vector<source::Snapshot> snapshots;
  for (testing::Pair const& pair : inputs.pairs) snapshots.push_back(snapshot_of(pair));
  settings::Trust const rules{.names = {"web.internal"}};
  WallTime const now = testing::from_now({});
  auto const kept_store = store_of(inputs.root);
  auto const kept_anchors = Anchors::from_bundle(inputs.root).value();

  std::vector<double> bare;
  std::vector<double> ours;
  std::vector<double> ratios;
  for (int round = 0; round < rounds; ++round) {
    bare.push_back(rate_of([&](std::size_t at) {
      auto const store = cached ? kept_store : store_of(inputs.root);
      return verify_bare(inputs.pairs[at], store.get());
    }));
    ours.push_back(rate_of([&](std::size_t at) {
      auto const anchors = cached ? kept_anchors : Anchors::from_bundle(inputs.root).value();
      return trust::judge(
                 {.snapshot = snapshots[at], .rules = rules, .anchors = anchors, .now = now})
          .accepted();
    }));
    ratios.push_back(ours.back() / bare.back());
  }
  std::printf("| %s | %.0f | %.0f | **%.2f** | 0.8 |\n", name, median(bare), median(ours),
              median(ratios));
}

}  // namespace

int main() {
  std::puts("| chain with one intermediate | bare /s | verdicts /s | ratio | aim |");
  std::puts("|---|---|---|---|---|");
  compare("P-256, anchors kept", testing::p256, true);
  compare("P-256, anchors decoded each time", testing::p256, false);
  compare("RSA-2048, anchors kept", testing::rsa(2048), true);
  compare("RSA-2048, anchors decoded each time", testing::rsa(2048), false);
}
