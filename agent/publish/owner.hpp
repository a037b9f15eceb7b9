#pragma once

#include <sys/types.h>

#include "base/result.hpp"
#include "settings/settings.hpp"

namespace certpivot::publish {

/// Who the published files belong to, as chown(2) takes it: -1 leaves what is.
struct Owner {
  ::uid_t user = static_cast<::uid_t>(-1);
  ::gid_t group = static_cast<::gid_t>(-1);
};

/// Names are looked up in the system's databases, numbers taken as they are. Errors: unknown name.
[[nodiscard]] Result<Owner> resolve_owner(settings::Publish const& publish);

/// "www-data:ssl-cert" for sentences; a part that is not set is left out.
[[nodiscard]] std::string owner_text(settings::Publish const& publish);

}  // namespace certpivot::publish
