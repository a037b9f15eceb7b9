#pragma once

#include <memory>
#include <optional>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "crypto/anchors.hpp"
#include "crypto/tls_client.hpp"
#include "event/event.hpp"
#include "settings/settings.hpp"

namespace certpivot::plugins {

/// What a request needs of files. Both readers block: for a worker.
struct Material {
  Secret hmac_key = {};                            ///< empty for none
  std::shared_ptr<crypto::Anchors const> anchors;  ///< null for the published CA bundle's
  std::optional<crypto::ClientPair> pair = {};
};

/// What does not depend on what is published: the key for signatures and the anchors, where the
/// settings name them.
[[nodiscard]] Result<Material> configured_material(settings::Hook::Http const& settings);

/// All of it. Anchors that are not named are the published CA bundle, else the system's. The pair
/// is read where `present` asks for it.
[[nodiscard]] Result<Material> whole_material(settings::Hook::Http const& settings,
                                              event::Paths const& paths);

}  // namespace certpivot::plugins
