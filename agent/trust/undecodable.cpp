#include "trust/undecodable.hpp"

namespace certpivot::trust {
namespace {

std::string remedy_of(crypto::DecodeFailure const& failure, Reason malformed) {
  if (!failure.remedy.empty()) return failure.remedy;
  if (failure.fault == crypto::DecodeFault::too_large) return "leave in it what is needed";
  return malformed == Reason::malformed_key ? "write it again as PKCS#8, PKCS#1 or SEC1"
                                            : "have it issued or copied again";
}

}  // namespace

Refusal refusal_of(crypto::DecodeFailure const& failure, std::string const& path, Reason malformed,
                   std::optional<Passphrase> const& passphrase) {
  std::string const cause = failure.why + "; " + remedy_of(failure, malformed);
  switch (failure.fault) {
    case crypto::DecodeFault::encrypted:
      return {Reason::wrong_passphrase,
              path + " is encrypted" +
                  (passphrase ? ", and the passphrase in " + passphrase->path +
                                    " cannot be used, " + passphrase->fault
                              : ": name the file that holds its passphrase as "
                                "source.passphrase_file")};
    case crypto::DecodeFault::wrong_passphrase:
      return {Reason::wrong_passphrase,
              "the passphrase in " + (passphrase ? passphrase->path : std::string()) +
                  " does not open " + path +
                  ": write the one that it was encrypted with into the first line"};
    case crypto::DecodeFault::too_large:
      return {Reason::too_large, path + " is refused unread: " + cause};
    case crypto::DecodeFault::malformed:
      break;
  }
  return {malformed, path + " cannot be decoded: " + cause};
}

}  // namespace certpivot::trust
