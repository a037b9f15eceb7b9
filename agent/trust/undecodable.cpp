#include "trust/undecodable.hpp"

namespace certpivot::trust {

Refusal refusal_of(crypto::DecodeFailure const& failure, std::string const& path, Reason malformed,
                   std::optional<Passphrase> const& passphrase) {
  switch (failure.fault) {
    case crypto::DecodeFault::encrypted:
      return {Reason::wrong_passphrase,
              path +
                  " is encrypted: name the file that holds its passphrase as "
                  "source.passphrase_file"};
    case crypto::DecodeFault::wrong_passphrase:
      return {Reason::wrong_passphrase,
              "the passphrase in " + (passphrase ? passphrase->path : std::string()) +
                  " does not open " + path +
                  ": write the one that it was encrypted with into the first line"};
    case crypto::DecodeFault::too_large:
      return {Reason::too_large, path + " is refused unread: " + failure.why};
    case crypto::DecodeFault::malformed:
      break;
  }
  std::string const remedy = malformed == Reason::malformed_key
                                 ? "write it again as PKCS#8, PKCS#1 or SEC1"
                                 : "have it issued or copied again";
  return {malformed, path + " cannot be decoded: " + failure.why + "; " + remedy};
}

}  // namespace certpivot::trust
