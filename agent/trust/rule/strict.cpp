#include "trust/rule/strict.hpp"

#include <algorithm>
#include <array>

namespace certpivot::trust::rule {
namespace {

struct StrictFault {
  std::string_view check = {};
  std::string_view found = {};
  std::string_view section = {};  ///< of RFC 5280
};

constexpr std::array strict_faults{
    StrictFault{"missing_authority_key_identifier", "has no authorityKeyIdentifier", "4.2.1.1"},
    StrictFault{"missing_subject_key_identifier", "has no subjectKeyIdentifier", "4.2.1.2"},
    StrictFault{"missing_key_usage", "is an authority without keyUsage", "4.2.1.3"},
    StrictFault{"cert_sign_of_no_authority",
                "has keyCertSign in its keyUsage and is no authority (CA:TRUE)", "4.2.1.3"},
    StrictFault{"missing_basic_constraints", "is an authority without basicConstraints", "4.2.1.9"},
    StrictFault{"basic_constraints_not_critical",
                "is an authority whose basicConstraints are not marked critical", "4.2.1.9"},
    StrictFault{"path_length_of_no_authority", "has a path length and is no authority (CA:TRUE)",
                "4.2.1.9"},
    StrictFault{"path_length_without_cert_sign",
                "has a path length and no keyCertSign in its keyUsage", "4.2.1.9"},
    StrictFault{"empty_issuer", "has an empty issuer name", "4.1.2.4"},
    StrictFault{"empty_subject", "has an empty subject name", "4.1.2.6"},
    StrictFault{"empty_alternative_name", "has a subjectAltName without a name in it", "4.2.1.6"},
    StrictFault{"alternative_name_not_critical",
                "has an empty subject name, and its subjectAltName is not marked critical",
                "4.2.1.6"},
    StrictFault{"signature_algorithm_mismatch", "names two different signature algorithms",
                "4.1.1.2"},
    StrictFault{"extensions_need_version_3",
                "has extensions, and is not of version 3 that may have them", "4.1.2.1"},
};

}  // namespace

std::string strict_fault(std::string_view check) {
  auto const* const known =
      std::find_if(strict_faults.begin(), strict_faults.end(),
                   [&](StrictFault const& one) { return one.check == check; });
  if (known == strict_faults.end()) return "breaks RFC 5280 (" + std::string(check) + ")";
  return std::string(known->found) + " (" + std::string(check) + ", RFC 5280 section " +
         std::string(known->section) + ")";
}

}  // namespace certpivot::trust::rule
