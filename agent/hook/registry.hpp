#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "hook/hook.hpp"
#include "settings/settings.hpp"

namespace certpivot {
class Log;
class Workers;
}  // namespace certpivot

namespace certpivot::hook {

/// What a hook may use besides its settings.
struct Tools {
  Log& log;
  std::string certificate;  ///< whose hook it is, for log lines
  Workers& workers;         ///< for whatever may wait for a disk or a mount
};

/// Makes a hook of one type from its settings.
using Factory = std::function<std::unique_ptr<Hook>(settings::Hook const&, Tools const&)>;

/// The built-in types of hooks by name; main fills one from plugins/builtin.cpp and hands it in. A
/// hook of an external plugin is known by its program.
class Registry {
 public:
  void add(std::string type, Factory factory) { factories_[std::move(type)] = std::move(factory); }
  [[nodiscard]] Result<std::unique_ptr<Hook>> make(settings::Hook const& settings,
                                                   Tools const& tools) const;
  [[nodiscard]] std::vector<std::string> types() const;

 private:
  std::map<std::string, Factory> factories_;
};

}  // namespace certpivot::hook
