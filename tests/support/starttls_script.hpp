#pragma once

#include <string>
#include <vector>

namespace certpivot::testing {

/// One turn of a server before TLS: what it waits for, to the byte, and what it says then.
struct Exchange {
  std::string hears = {};  ///< empty where the server speaks first
  std::string says = {};
};

/// How a server of this protocol ("postgres", "smtp", "imap", "ldap", "mysql") agrees to TLS.
[[nodiscard]] std::vector<Exchange> consent_of(std::string const& protocol);

/// Speaks it on a connection; false where the client said something else, or went away.
bool speak(int connection, std::vector<Exchange> const& script);

}  // namespace certpivot::testing
