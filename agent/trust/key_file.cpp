#include "trust/key_file.hpp"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

namespace certpivot::trust {
namespace {

using crypto::PemBlock;

// The one private key block; refusals where there is none or more than one.
std::optional<PemBlock> key_block(PemFile const& file, bool bundle, Findings& findings) {
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

void decode(PemFile const& file, PemBlock const& block, KeyInFile& answer) {
  auto key = crypto::read_private_key(file.bytes_of(block));
  if (key) {
    answer.key = *std::move(key);
  } else if (key.error().fault == crypto::KeyFault::encrypted) {
    answer.findings.refuse(Reason::wrong_passphrase,
                           file.path +
                               ": the key is encrypted and this build has no passphrase_file: "
                               "decrypt it with openssl pkey");
  } else {
    answer.findings.refuse(Reason::malformed_key,
                           file.path + ": the private key cannot be decoded: " + key.error().why +
                               "; write it again as PKCS#8, PKCS#1 or SEC1");
  }
}

}  // namespace

KeyInFile read_key_file(PemFile const& file, bool bundle) {
  KeyInFile answer;
  if (!file.usable()) {
    // Of a bundle the certificates' side tells it.
    if (!bundle) answer.findings.refuse(Reason::malformed_key, file.path + " " + file.fault);
    return answer;
  }
  auto const block = key_block(file, bundle, answer.findings);
  if (!block) return answer;
  answer.begin = bundle ? block->begin : 0;
  answer.size = bundle ? block->size : file.text.size();
  decode(file, *block, answer);
  return answer;
}

}  // namespace certpivot::trust
