#include "trust/passphrase.hpp"

#include "base/words.hpp"

namespace certpivot::trust {

std::optional<Passphrase> passphrase_of(source::Snapshot const& snapshot) {
  if (!snapshot.passphrase) return {};
  std::string_view const text = snapshot.passphrase->bytes.view();
  return Passphrase{snapshot.passphrase->facts.path, first_line(text)};
}

}  // namespace certpivot::trust
