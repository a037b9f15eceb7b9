#include "trust/passphrase.hpp"

#include "crypto/passphrase.hpp"

namespace certpivot::trust {

std::optional<Passphrase> passphrase_of(source::Snapshot const& snapshot) {
  if (!snapshot.passphrase) return {};
  Passphrase passphrase{.path = snapshot.passphrase->facts.path};
  if (auto const text = crypto::passphrase_in(snapshot.passphrase->bytes.view())) {
    passphrase.text = *text;
  } else {
    passphrase.fault = text.error().why + ": " + text.error().remedy;
  }
  return passphrase;
}

}  // namespace certpivot::trust
