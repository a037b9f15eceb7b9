#include "hook/registry.hpp"

#include "base/words.hpp"
#include "hook/external.hpp"

namespace certpivot::hook {

Result<std::unique_ptr<Hook>> Registry::make(settings::Hook const& settings,
                                             Tools const& tools) const {
  if (!settings.external.program.empty()) return make_external_hook(settings, tools);
  auto const found = factories_.find(settings.type);
  if (found != factories_.end()) return found->second(settings, tools);
  return fail("there is no hook of type", settings.type, {}, "this build has " + joined(types()));
}

std::vector<std::string> Registry::types() const {
  std::vector<std::string> all;
  for (auto const& [type, factory] : factories_) all.push_back(type);
  return all;
}

}  // namespace certpivot::hook
