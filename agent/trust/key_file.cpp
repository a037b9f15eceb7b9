#include "trust/key_file.hpp"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include "crypto/encrypted_key.hpp"
#include "trust/undecodable.hpp"

namespace certpivot::trust {
namespace {

using crypto::PemBlock;

// The one private key block; refusals where there is none or more than one.
std::optional<PemBlock> key_block(Material const& file, bool bundle, Findings& findings) {
  std::vector<PemBlock> keys;
  std::copy_if(file.blocks.begin(), file.blocks.end(), std::back_inserter(keys),
               [](PemBlock const& block) { return block.is_private_key(); });
  bool const certificate_besides = !bundle && file.has_certificate();
  if (keys.empty()) {
    findings.refuse(
        Reason::malformed_key,
        file.path + (certificate_besides
                         ? " holds a certificate and no private key: are certificate and "
                           "key swapped?"
                         : " holds no private key: write it into the file as PEM"));
    return {};
  }
  if (certificate_besides) {
    findings.refuse(Reason::malformed_key,
                    file.path +
                        " holds a certificate besides the private key: remove "
                        "it, or name the file as source.bundle");
  }
  if (keys.size() > 1) {
    findings.refuse(Reason::malformed_key, file.path + " holds " + std::to_string(keys.size()) +
                                               " private keys: leave the certificate's own");
    return {};
  }
  return keys.front();
}

// An encrypted key is published as what it was encrypted from.
crypto::Decoded<crypto::PrivateKey> decrypt(std::string_view block, std::string_view passphrase,
                                            Secret& pem) {
  auto key = crypto::decrypt_private_key(block, passphrase);
  if (!key) return key;
  auto written = key->pem();
  if (!written) {
    return crypto::fail_to_decode(crypto::DecodeFault::malformed, written.error().text());
  }
  pem = *std::move(written);
  return key;
}

void decode(Material const& file, PemBlock const& block,
            std::optional<Passphrase> const& passphrase, KeyInFile& answer) {
  std::string_view const bytes = file.bytes_of(block);
  auto key = crypto::read_private_key(bytes);
  if (!key && key.error().fault == crypto::DecodeFault::encrypted && passphrase &&
      passphrase->text) {
    key = decrypt(bytes, *passphrase->text, answer.pem);
  } else if (file.is_recoded()) {
    answer.pem = Secret::copy_of(bytes);
  }
  if (key) {
    answer.key = *std::move(key);
    return;
  }
  Refusal refusal = refusal_of(key.error(), file.path, Reason::malformed_key, passphrase);
  answer.findings.refuse(refusal.reason, std::move(refusal.text));
}

}  // namespace

KeyInFile read_key_file(Material const& file, bool bundle,
                        std::optional<Passphrase> const& passphrase) {
  KeyInFile answer;
  if (!file.usable()) {
    // Of a bundle the certificates' side tells it.
    if (!bundle) answer.findings.refuse(file.fault->reason, file.fault->text);
    return answer;
  }
  auto const block = key_block(file, bundle, answer.findings);
  if (!block) return answer;
  answer.begin = bundle ? block->begin : 0;
  answer.size = bundle ? block->size : file.text.size();
  decode(file, *block, passphrase, answer);
  return answer;
}

}  // namespace certpivot::trust
