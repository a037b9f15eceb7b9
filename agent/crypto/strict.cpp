#include "crypto/strict.hpp"

#include <algorithm>
#include <array>

#include "crypto/handle.hpp"
#include "settings/settings.hpp"

namespace certpivot::crypto {
namespace {

struct StrictCheck {
  int error = X509_V_OK;
  std::string_view word = {};
};

// As check_chain() of OpenSSL 3.0's x509_vfy.c has them, but for key identifiers that are marked
// critical: those it takes for unknown extensions before it comes to that check. What other
// versions find besides is no strict check here, and so a refusal that nothing relaxes.
constexpr std::array strict_checks{
    StrictCheck{X509_V_ERR_MISSING_AUTHORITY_KEY_IDENTIFIER, "missing_authority_key_identifier"},
    StrictCheck{X509_V_ERR_MISSING_SUBJECT_KEY_IDENTIFIER, "missing_subject_key_identifier"},
    StrictCheck{X509_V_ERR_CA_CERT_MISSING_KEY_USAGE, "missing_key_usage"},
    StrictCheck{X509_V_ERR_KU_KEY_CERT_SIGN_INVALID_FOR_NON_CA, "cert_sign_of_no_authority"},
    StrictCheck{X509_V_ERR_INVALID_CA, "missing_basic_constraints"},
    StrictCheck{X509_V_ERR_CA_BCONS_NOT_CRITICAL, "basic_constraints_not_critical"},
    StrictCheck{X509_V_ERR_PATHLEN_INVALID_FOR_NON_CA, "path_length_of_no_authority"},
    StrictCheck{X509_V_ERR_PATHLEN_WITHOUT_KU_KEY_CERT_SIGN, "path_length_without_cert_sign"},
    StrictCheck{X509_V_ERR_ISSUER_NAME_EMPTY, "empty_issuer"},
    StrictCheck{X509_V_ERR_SUBJECT_NAME_EMPTY, "empty_subject"},
    StrictCheck{X509_V_ERR_EMPTY_SUBJECT_ALT_NAME, "empty_alternative_name"},
    StrictCheck{X509_V_ERR_EMPTY_SUBJECT_SAN_NOT_CRITICAL, "alternative_name_not_critical"},
    StrictCheck{X509_V_ERR_SIGNATURE_ALGORITHM_INCONSISTENCY, "signature_algorithm_mismatch"},
    StrictCheck{X509_V_ERR_EXTENSIONS_REQUIRE_VERSION_3, "extensions_need_version_3"},
};

constexpr bool are_those_of_the_configuration() {
  auto const& words = settings::strict_checks;
  if (strict_checks.size() != words.size()) return false;
  for (std::size_t at = 0; at < words.size(); ++at)
    if (strict_checks[at].word != words[at]) return false;
  return true;
}
static_assert(are_those_of_the_configuration());

}  // namespace

std::string_view strict_word(int error, x509_st* certificate, bool intermediate) {
  auto const* const found =
      std::find_if(strict_checks.begin(), strict_checks.end(),
                   [&](StrictCheck const& check) { return check.error == error; });
  if (found == strict_checks.end()) return {};
  // What is no authority at all, or an intermediate that is one by old custom only, is refused
  // without strict checking, too.
  bool const always =
      error == X509_V_ERR_INVALID_CA && (intermediate || X509_check_ca(certificate) == 0);
  return always ? std::string_view() : found->word;
}

}  // namespace certpivot::crypto
