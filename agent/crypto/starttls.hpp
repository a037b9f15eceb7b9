#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/starttls/dialect.hpp"
#include "crypto/step.hpp"
#include "settings/settings.hpp"

namespace certpivot::crypto {

/// Protocols that begin in plain text and turn to TLS where the client asks for it.
using settings::Starttls;

/// Their words, in the order of the enumeration.
inline constexpr std::array<std::string_view, 6> starttls_words{"none", "postgres", "smtp",
                                                                "imap", "ldap",     "mysql"};
[[nodiscard]] std::optional<Starttls> starttls_of(std::string_view word);

/// The plain text before the handshake, without the network: bytes of the server are fed in, bytes
/// for it are taken out. Nothing that the server says before TLS is believed but its consent, and
/// bytes behind that are a failure: whoever sits in between could have put them there, to be taken
/// for protected ones (STARTTLS injection, as in CVE-2011-0411).
class Opening {
 public:
  explicit Opening(Starttls protocol);

  void feed(std::span<std::byte const> from_server);
  [[nodiscard]] std::string take_output();
  /// Done once the handshake may begin, which is at once for Starttls::none.
  [[nodiscard]] Step proceed();
  /// Why it failed, in words.
  [[nodiscard]] std::string const& failure() const { return failure_; }

 private:
  [[nodiscard]] Step fail_with(std::string why);

  starttls::Dialect dialect_;
  std::size_t turn_ = 0;
  bool said_ = false;  ///< this turn's words are in the output
  std::string received_ = {};
  std::string output_ = {};
  std::string failure_ = {};
};

}  // namespace certpivot::crypto
