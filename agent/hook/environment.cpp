#include "hook/environment.hpp"

#include "base/units.hpp"

namespace certpivot::hook {

std::vector<std::pair<std::string, std::string>> environment_of(event::Event const& event) {
  return {
      {"CERTPIVOT_EVENT", std::string(event::name(event.kind))},
      {"CERTPIVOT_CERTIFICATE", event.certificate},
      {"CERTPIVOT_GENERATION", event.generation == 0 ? "" : std::to_string(event.generation)},
      {"CERTPIVOT_CERTIFICATE_FILE", event.paths.certificate},
      {"CERTPIVOT_KEY_FILE", event.paths.key},
      {"CERTPIVOT_CA_FILE", event.paths.ca},
      {"CERTPIVOT_FINGERPRINT", event.leaf ? event.leaf->fingerprint : ""},
      {"CERTPIVOT_NOT_AFTER", event.leaf ? to_rfc3339_seconds(event.leaf->not_after) : ""},
  };
}

}  // namespace certpivot::hook
