#include "trust/rule/access.hpp"

#include <sys/stat.h>

namespace certpivot::trust::rule {
namespace {

struct Limit {
  ::mode_t forbidden = 0;
  std::string_view name = {};
  std::string_view remedy = {};
};

Limit limit_of(settings::KeyAccess access) {
  switch (access) {
    case settings::KeyAccess::owner:
      return {S_IRWXG | S_IRWXO, "the owner", "chmod 0600"};
    case settings::KeyAccess::group:
      return {S_IRWXO, "owner and group", "chmod 0640"};
    case settings::KeyAccess::any:
      break;
  }
  return {};
}

}  // namespace

Findings access(source::FileFacts const& key, settings::Trust const& rules) {
  Findings findings;
  std::string const start = key.path + " has mode " + to_text(key.mode);
  Limit const limit = limit_of(rules.key_access);
  if ((key.mode.bits & limit.forbidden) != 0) {
    findings.refuse(Reason::key_access, start + ", and trust.key_access grants the key to " +
                                            std::string(limit.name) +
                                            " only: " + std::string(limit.remedy) + " it");
  } else if ((key.mode.bits & (S_IROTH | S_IWOTH)) != 0) {
    findings.warn(start + ": others may read or write the key");
  }
  return findings;
}

}  // namespace certpivot::trust::rule
