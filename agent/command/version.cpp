#include <filesystem>
#include <iostream>
#include <map>
#include <string>

#include <boost/json.hpp>

#include "command/exit_code.hpp"
#include "command/verbs.hpp"
#include "crypto/library.hpp"

namespace certpivot::command {

namespace {

/// Type and path of what stands in the directory. It is named, not run: who asks for a version
/// wants nothing to happen.
std::map<std::string, std::string> external_plugins(std::string const& directory) {
  constexpr std::string_view prefix = "certpivot-";
  std::map<std::string, std::string> found;
  std::error_code none;
  for (auto const& entry : std::filesystem::directory_iterator(directory, none)) {
    std::string const name = entry.path().filename().string();
    if (name.starts_with(prefix)) found[name.substr(prefix.size())] = entry.path().string();
  }
  return found;
}

void print_json(std::map<std::string, std::string> const& external,
                hook::Registry const& registry) {
  boost::json::object plugins;
  for (std::string const& type : registry.types()) plugins[type] = CERTPIVOT_VERSION;
  for (auto const& [type, path] : external) plugins[type] = path;
  boost::json::object const all{{"certpivot", CERTPIVOT_VERSION},
                                {"openssl", crypto::library_version()},
                                {"plugins", plugins}};
  std::cout << boost::json::serialize(all) << "\n";
}

}  // namespace

int version(VersionOptions const& options, hook::Registry const& registry) {
  auto const external = external_plugins(options.plugins);
  if (options.format == Format::json) {
    print_json(external, registry);
    return done;
  }
  std::cout << "certpivot " << CERTPIVOT_VERSION << "\n" << crypto::library_version() << "\n";
  for (std::string const& type : registry.types())
    std::cout << "plugin " << type << " " << CERTPIVOT_VERSION << " (built in)\n";
  for (auto const& [type, path] : external) std::cout << "plugin " << type << " " << path << "\n";
  return done;
}

}  // namespace certpivot::command
