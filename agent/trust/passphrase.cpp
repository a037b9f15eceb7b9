#include "trust/passphrase.hpp"

namespace certpivot::trust {

std::optional<Passphrase> passphrase_of(source::Snapshot const& snapshot) {
  if (!snapshot.passphrase) return {};
  std::string_view const text = snapshot.passphrase->bytes.view();
  return Passphrase{snapshot.passphrase->facts.path, text.substr(0, text.find('\n'))};
}

}  // namespace certpivot::trust
