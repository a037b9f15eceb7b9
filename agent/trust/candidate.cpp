#include "trust/candidate.hpp"

#include <algorithm>
#include <utility>

#include "trust/chain_order.hpp"
#include "trust/key_file.hpp"
#include "trust/material.hpp"
#include "trust/passphrase.hpp"

namespace certpivot::trust {
namespace {

// No CA stands higher; verifying that many takes 0.2 s with the slowest of curves.
constexpr std::size_t most_in_chain = 40;

bool is_bundle(source::Snapshot const& snapshot) {
  return snapshot.certificate.facts.path == snapshot.key.facts.path;
}

std::size_t choose_leaf(std::vector<PlacedCertificate> const& certificates,
                        std::optional<crypto::PrivateKey> const& key) {
  auto const begin = certificates.begin();
  auto const end = certificates.end();
  auto leaf = std::find_if(begin, end, [&](PlacedCertificate const& one) {
    return key && key->matches(one.certificate);
  });
  if (leaf == end) {
    leaf = std::find_if(begin, end,
                        [](PlacedCertificate const& one) { return !one.certificate.is_ca(); });
  }
  return leaf == end ? 0 : static_cast<std::size_t>(leaf - begin);
}

void tell_about_order(Material const& file, OrderedChain const& chain, Findings& findings) {
  if (chain.dropped > 0) {
    findings.warn(file.path + " holds certificates twice: each is published once");
  }
  // In a PKCS#12 the order says nothing.
  if (chain.moved && !file.is_recoded()) {
    findings.warn(file.path +
                  " holds its certificates out of order: they are published leaf first");
  }
  auto const strangers = chain.certificates.end() - static_cast<std::ptrdiff_t>(chain.strangers);
  // A cross-signed certificate is another way up from somewhere on the path.
  auto const is_of_use = [&](crypto::Certificate const& certificate) {
    return std::any_of(chain.certificates.begin(), strangers, [&](PlacedCertificate const& one) {
      return one.certificate.may_be_issued_by(certificate);
    });
  };
  for (auto one = strangers; one != chain.certificates.end(); ++one) {
    if (is_of_use(one->certificate)) continue;
    findings.warn(file.path + ": " + one->certificate.subject() +
                  " is no issuer of the leaf and could be left out");
  }
}

void refuse_second_leaf(Material const& file, OrderedChain const& chain, Findings& findings) {
  auto const& all = chain.certificates;
  auto const second = std::find_if(all.begin() + 1, all.end(), [](PlacedCertificate const& one) {
    return !one.certificate.is_ca();
  });
  if (second == all.end()) return;
  findings.refuse(Reason::malformed_certificate,
                  file.path + " holds two leaf certificates, " + all.front().certificate.subject() +
                      " and " + second->certificate.subject() +
                      " (no CA:TRUE in either): leave the one that the key belongs to");
}

std::string text_of(Material const& file, std::vector<PlacedCertificate> const& certificates) {
  std::vector<std::string_view> blocks;
  blocks.reserve(certificates.size());
  for (PlacedCertificate const& one : certificates) blocks.push_back(file.bytes_of(one.block));
  return std::string(crypto::lines_of(blocks).view());
}

void take_chain(Material const& file, bool bundle, OrderedChain const& chain,
                Candidate& candidate) {
  auto const& leaf = chain.certificates.front().certificate;
  candidate.leaf = Leaf{leaf, leaf.facts()};
  for (auto one = chain.certificates.begin() + 1; one != chain.certificates.end(); ++one) {
    candidate.intermediates.push_back(one->certificate);
  }
  bool const as_it_is = !bundle && !chain.moved && chain.dropped == 0;
  candidate.certificate_pem = as_it_is ? std::string(file.text) : text_of(file, chain.certificates);
}

// What OpenSSL's peers take in a handshake unless told otherwise (SSL_CTX_set_max_cert_list(3)).
bool refuse_long_chain(Material const& file, Findings& findings) {
  static constexpr std::size_t most_kibibytes = 100;
  std::size_t text = 0;
  for (crypto::PemBlock const& block : file.blocks) {
    if (block.is_certificate()) text += block.size;
  }
  // Base64 takes four bytes for three.
  if (text / 4 * 3 <= most_kibibytes * 1024) return false;
  findings.refuse(Reason::too_large,
                  file.path +
                      " holds more than the 100 KiB of certificates that peers accept in a "
                      "handshake: leave the leaf and its issuers, with fewer names");
  return true;
}

// A key in a file that is published with the certificate's mode would be open to everybody.
bool refuse_key_inside(Material const& file, Findings& findings) {
  if (!crypto::mentions_private_key(file.text)) return false;
  findings.refuse(Reason::malformed_certificate,
                  file.path + (file.has_certificate()
                                   ? " holds a private key besides the certificate: remove it, or "
                                     "name the file as source.bundle"
                                   : " holds a private key and no certificate: are certificate and "
                                     "key swapped?"));
  return true;
}

void read_certificates(Material const& file, bool bundle, Candidate& candidate) {
  if (!file.usable()) {
    candidate.findings.refuse(file.fault->reason, file.fault->text);
    return;
  }
  bool const key_inside = !bundle && refuse_key_inside(file, candidate.findings);
  if (!file.has_certificate()) {
    if (key_inside) return;
    candidate.findings.refuse(Reason::malformed_certificate, file.path + " holds no certificate" +
                                                                 std::string(file.instead()) +
                                                                 ": write it into the file as PEM");
    return;
  }
  if (refuse_long_chain(file, candidate.findings)) return;
  Findings undecodable;
  auto certificates = certificates_in(file, most_in_chain, undecodable);
  candidate.chain_known = undecodable.refusals.empty();
  candidate.findings.add(std::move(undecodable));
  if (certificates.empty()) return;
  std::size_t const leaf = choose_leaf(certificates, candidate.key);
  OrderedChain const chain = put_in_order(std::move(certificates), leaf);
  tell_about_order(file, chain, candidate.findings);
  refuse_second_leaf(file, chain, candidate.findings);
  take_chain(file, bundle, chain, candidate);
  if (key_inside || !candidate.chain_known) candidate.certificate_pem.clear();
}

Findings judge_authorities(Material const& file) {
  Findings findings;
  if (crypto::mentions_private_key(file.text)) {
    findings.refuse(Reason::malformed_certificate,
                    file.path + " holds a private key: leave only certificates in it");
  }
  if (!file.has_certificate()) {
    findings.refuse(Reason::malformed_certificate, file.path + " holds no certificate" +
                                                       std::string(file.instead()) +
                                                       ": write the CA's into it as PEM");
  }
  return findings;
}

// `anchors` may be this very bundle, decoded already.
void read_authorities(source::FileBytes const& bytes, crypto::Anchors const* anchors,
                      Candidate& candidate) {
  Material const file = read_authority_material(bytes);
  if (!file.usable()) {
    candidate.findings.refuse(file.fault->reason, file.fault->text);
    return;
  }
  Findings findings = judge_authorities(file);
  if (anchors != nullptr && anchors->are_from(bytes.bytes.view())) {
    candidate.authorities = anchors->certificates();
  } else {
    for (PlacedCertificate& one : certificates_in(file, crypto::Anchors::most, findings))
      candidate.authorities.push_back(std::move(one.certificate));
  }
  candidate.bundle_usable = findings.refusals.empty();
  candidate.findings.add(std::move(findings));
  if (file.is_recoded() || !file.text.ends_with('\n'))
    candidate.ca_pem = std::string(crypto::lines_of({file.text}).view());
}

}  // namespace

Candidate read_candidate(source::Snapshot const& snapshot, crypto::Anchors const* anchors) {
  Candidate candidate{.certificate_path = snapshot.certificate.facts.path,
                      .key_path = snapshot.key.facts.path,
                      .ca_path = snapshot.ca_path};
  bool const bundle = is_bundle(snapshot);
  auto const passphrase = passphrase_of(snapshot);
  Material const certificates = read_material(
      snapshot.certificate, {bundle ? "chain and private key" : "certificate"}, passphrase);
  // The key first: it decides which certificate is the leaf.
  KeyInFile key;
  if (snapshot.has_key())
    key = bundle ? read_key_file(certificates, bundle, passphrase)
                 : read_key_file(read_material(snapshot.key, {"private key", Reason::malformed_key},
                                               passphrase),
                                 bundle, passphrase);
  candidate.key = std::move(key.key);
  candidate.key_begin = key.begin;
  candidate.key_size = key.size;
  candidate.key_pem = std::move(key.pem);
  candidate.findings = std::move(key.findings);
  read_certificates(certificates, bundle, candidate);
  if (snapshot.ca) read_authorities(*snapshot.ca, anchors, candidate);
  return candidate;
}

}  // namespace certpivot::trust
