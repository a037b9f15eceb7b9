#include <iostream>

#include <boost/json.hpp>

#include "command/exit_code.hpp"
#include "command/verbs.hpp"
#include "crypto/library.hpp"

namespace certpivot::command {

int version(VersionOptions const& options, hook::Registry const& registry) {
  if (options.format == Format::json) {
    boost::json::object plugins;
    for (std::string const& type : registry.types()) plugins[type] = CERTPIVOT_VERSION;
    boost::json::object const all{{"certpivot", CERTPIVOT_VERSION},
                                  {"openssl", crypto::library_version()},
                                  {"plugins", plugins}};
    std::cout << boost::json::serialize(all) << "\n";
    return done;
  }
  std::cout << "certpivot " << CERTPIVOT_VERSION << "\n" << crypto::library_version() << "\n";
  for (std::string const& type : registry.types())
    std::cout << "plugin " << type << " " << CERTPIVOT_VERSION << " (built in)\n";
  return done;
}

}  // namespace certpivot::command
