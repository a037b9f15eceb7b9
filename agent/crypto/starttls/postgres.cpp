#include "crypto/starttls/dialect.hpp"

namespace certpivot::crypto::starttls {

namespace {

// One byte answers. What follows an 'E' is not shown: it is not to be told from the words of
// somebody in between (CVE-2024-10977).
Heard consent_of_postgres(std::string_view received) {
  if (received.empty()) return {};
  switch (received.front()) {
    case 'S':
      return {1, {}};
    case 'N':
      return refused("it has none, see its setting ssl");
    case 'E':
      return refused("it answered with an error, see its log");
    default:
      return no_such_protocol("PostgreSQL's protocol");
  }
}

}  // namespace

Dialect postgres() {
  // Length 8, and the code 1234 in the upper, 5679 in the lower half.
  constexpr std::string_view ssl_request("\x00\x00\x00\x08\x04\xd2\x16\x2f", 8);
  return {{std::string(ssl_request), consent_of_postgres}};
}

}  // namespace certpivot::crypto::starttls
