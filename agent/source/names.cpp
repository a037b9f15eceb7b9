#include "source/names.hpp"

#include <filesystem>
#include <system_error>

namespace certpivot::source {

namespace {

Name name_of(settings::Source const& source, Role role, std::string const& name, bool required) {
  bool const relative = !name.starts_with('/') && !source.directory.empty();
  auto const path = absolute(relative ? source.directory + "/" + name : name);
  return {role, name, path, relative, required};
}

}  // namespace

std::string absolute(std::string const& path) {
  if (path.starts_with('/')) return path;
  std::error_code failure;
  auto const here = std::filesystem::current_path(failure);
  // Without a working directory the path stays as it is, and opening it gives the reason.
  return failure ? path : here.string() + "/" + path;
}

std::vector<Name> names_of(settings::Source const& source) {
  std::vector<Name> names;
  if (!source.bundle.empty()) {
    names.push_back(name_of(source, Role::bundle, source.bundle, true));
  } else {
    names.push_back(name_of(source, Role::certificate, source.certificate, true));
    names.push_back(name_of(source, Role::key, source.key, true));
  }
  bool const findable = source.ca.starts_with('/') || !source.directory.empty();
  if (!source.ca.empty() && (findable || source.ca_required))
    names.push_back(name_of(source, Role::ca, source.ca, source.ca_required));
  if (!source.crl.empty()) names.push_back(name_of(source, Role::crl, source.crl, false));
  if (!source.passphrase_file.empty())
    names.push_back(name_of(source, Role::passphrase, source.passphrase_file, true));
  return names;
}

}  // namespace certpivot::source
