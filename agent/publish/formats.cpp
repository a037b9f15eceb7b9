#include "publish/formats.hpp"

#include <algorithm>
#include <utility>

#include "crypto/pem.hpp"
#include "crypto/pkcs12_writer.hpp"
#include "crypto/private_key.hpp"
#include "publish/passphrase.hpp"

namespace certpivot::publish {

namespace {

using Blocks = std::vector<std::string_view>;

/// Leaf first. Errors: there is none.
Result<Blocks> certificates_in(std::string_view pem) {
  auto blocks = crypto::certificate_blocks(pem);
  if (blocks && blocks->empty()) return fail("the certificate file holds no certificate in PEM");
  return blocks;
}

Result<crypto::PrivateKey> key_in(std::string_view pem) {
  auto const blocks = crypto::private_key_blocks(pem);
  if (!blocks) return fail(blocks.error());
  if (blocks->empty()) return fail("the key file holds no private key in PEM");
  auto key = crypto::read_private_key(blocks->front());
  if (!key) return fail("cannot decode the private key", {}, key.error().why);
  return std::move(*key);
}

Result<Secret> combined(Content const& content) {
  return crypto::lines_of({content.certificate, content.key});
}

Result<Secret> fullchain(Content const& content) { return Secret::copy_of(content.certificate); }

/// Empty where there is none.
Result<Secret> chain(Content const& content) {
  auto blocks = certificates_in(content.certificate);
  if (!blocks) return fail(blocks.error());
  blocks->erase(blocks->begin());
  return crypto::lines_of(*blocks);
}

Result<Secret> certificate_der(Content const& content) {
  auto const blocks = certificates_in(content.certificate);
  if (!blocks) return fail(blocks.error());
  auto const leaf = crypto::read_certificate(blocks->front());
  if (!leaf) return fail(leaf.error());
  return Secret::copy_of(leaf->der());
}

Result<Secret> key_der(Content const& content) {
  auto const key = key_in(content.key);
  if (!key) return fail(key.error());
  return key->der();
}

Result<Secret> pkcs12(Content const& content, settings::Pkcs12 const& settings) {
  auto const passphrase = read_passphrase(settings.passphrase_file);
  if (!passphrase) return fail(passphrase.error());
  auto const blocks = certificates_in(content.certificate);
  if (!blocks) return fail(blocks.error());
  auto key = key_in(content.key);
  if (!key) return fail(key.error());
  crypto::KeystoreEntry entry{std::move(*key), {}, settings.alias};
  for (std::string_view const block : *blocks) {
    auto certificate = crypto::read_certificate(block);
    if (!certificate) return fail(certificate.error());
    entry.chain.push_back(std::move(*certificate));
  }
  return crypto::write_pkcs12(
      entry, passphrase->view(),
      settings.legacy ? crypto::KeystoreAlgorithms::legacy : crypto::KeystoreAlgorithms::modern);
}

bool has_chain(std::string_view certificate) {
  auto const blocks = certificates_in(certificate);
  return blocks && blocks->size() > 1;
}

}  // namespace

std::vector<std::string> extra_names(settings::Publish const& publish,
                                     std::string_view certificate) {
  std::vector<std::string> names{publish.combined, publish.fullchain, publish.certificate_der,
                                 publish.key_der};
  if (!publish.chain.empty() && has_chain(certificate)) names.push_back(publish.chain);
  if (publish.pkcs12) names.push_back(publish.pkcs12->file);
  std::erase(names, std::string());
  std::sort(names.begin(), names.end());
  return names;
}

Result<std::vector<ExtraFile>> extra_files(settings::Publish const& publish,
                                           Content const& content) {
  std::vector<ExtraFile> files;
  Result<void> added;
  auto const add = [&](std::string const& name, Mode mode, auto make) {
    if (name.empty() || !added) return;
    auto bytes = make(content);
    if (!bytes)
      added = fail("cannot make", name, bytes.error().text());
    else if (!bytes->empty())
      files.push_back({name, std::move(*bytes), mode});
  };
  add(publish.combined, publish.key_mode, combined);
  add(publish.fullchain, publish.certificate_mode, fullchain);
  add(publish.chain, publish.certificate_mode, chain);
  add(publish.certificate_der, publish.certificate_mode, certificate_der);
  add(publish.key_der, publish.key_mode, key_der);
  if (publish.pkcs12)
    add(publish.pkcs12->file, publish.key_mode,
        [&](Content const& pair) { return pkcs12(pair, *publish.pkcs12); });
  if (!added) return fail(added.error());
  return files;
}

}  // namespace certpivot::publish
