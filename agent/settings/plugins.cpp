#include <algorithm>
#include <filesystem>

#include "settings/quote.hpp"
#include "settings/sections.hpp"

namespace certpivot::settings {

namespace {

constexpr std::size_t longest_type = 64;

/// Part of a file's name, and nothing that leads to another directory.
bool is_plugin_name(std::string_view type) {
  return type.size() <= longest_type && std::all_of(type.begin(), type.end(), [](char letter) {
           return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') ||
                  letter == '-' || letter == '_';
         });
}

void find_plugin(Hook& hook, Place const& where, std::string const& plugins, Report& report) {
  auto const built_in = built_in_hooks();
  if (hook.type.empty() || std::find(built_in.begin(), built_in.end(), hook.type) != built_in.end())
    return;
  std::string const unknown = "unknown hook type '" + escaped(hook.type) + "', and ";
  std::string const meant = did_you_mean(hook.type, built_in);
  if (plugins.empty())
    return report.complain(where, unknown + "agent.plugins names no directory of plugins" + meant);
  std::string const program = plugins + "/certpivot-" + hook.type;
  std::error_code failure;
  if (!is_plugin_name(hook.type) || !std::filesystem::exists(program, failure))
    return report.complain(where, unknown + "no plugin " + escaped(program) + meant);
  hook.external.program = program;
}

}  // namespace

void find_plugins(std::vector<Placed>& certificates, std::string const& plugins, Report& report) {
  for (Placed& placed : certificates) {
    auto& hooks = placed.certificate.hooks;
    for (std::size_t i = 0; i < hooks.size(); ++i)
      find_plugin(hooks[i], placed.hooks[i].type, plugins, report);
  }
}

}  // namespace certpivot::settings
