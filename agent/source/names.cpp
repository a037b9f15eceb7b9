#include "source/names.hpp"

#include <algorithm>
#include <fcntl.h>
#include <filesystem>
#include <system_error>

#include "base/unique_fd.hpp"
#include "source/layout.hpp"

namespace certpivot::source {

namespace {

Name name_of(settings::Source const& source, Role role, std::string const& name, bool required) {
  bool const relative = !name.starts_with('/') && !source.directory.empty();
  auto const path = absolute(relative ? source.directory + "/" + name : name);
  return {role, name, path, relative, required};
}

void add_layout(settings::Source const& source, Layout const& layout, std::vector<Name>& names) {
  if (!layout.bundle.empty()) {
    names.push_back(name_of(source, Role::bundle, layout.bundle, true));
  } else {
    names.push_back(name_of(source, Role::certificate, layout.certificate, true));
    if (!layout.key.empty()) names.push_back(name_of(source, Role::key, layout.key, true));
  }
  for (std::string const& ca : layout.ca) {
    bool const findable = ca.starts_with('/') || !source.directory.empty();
    if (findable || source.ca_required)
      names.push_back(name_of(source, Role::ca, ca, source.ca_required));
  }
}

void add_others(settings::Source const& source, std::vector<Name>& names) {
  if (!source.crl.empty()) names.push_back(name_of(source, Role::crl, source.crl, false));
  if (!source.passphrase_file.empty())
    names.push_back(name_of(source, Role::passphrase, source.passphrase_file, true));
}

UniqueFd open_directory(settings::Source const& source) {
  return UniqueFd(::open(source.directory.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
}

// What the configuration says about the CA bundle counts, also that there is none.
Layout with_configured_ca(settings::Source const& source, Layout layout) {
  if (source.ca.empty()) layout.ca.clear();
  if (source.ca_required) layout.ca = {source.ca};
  return layout;
}

}  // namespace

std::string absolute(std::string const& path) {
  if (path.starts_with('/')) return path;
  std::error_code failure;
  auto const here = std::filesystem::current_path(failure);
  // Without a working directory the path stays as it is, and opening it gives the reason.
  return failure ? path : here.string() + "/" + path;
}

bool needs_directory(settings::Source const& source) {
  if (source.directory.empty() || source.find_names) return !source.directory.empty();
  auto const all = {&source.certificate, &source.key, &source.bundle,
                    &source.ca,          &source.crl, &source.passphrase_file};
  return std::any_of(all.begin(), all.end(), [](std::string const* name) {
    return !name->empty() && !name->starts_with('/');
  });
}

std::vector<Name> names_of(settings::Source const& source, int directory) {
  std::vector<Name> names;
  if (source.find_names) {
    auto const found = find_layout(directory, source.directory);
    add_layout(source, with_configured_ca(source, with_present_ca(directory, found.layout)), names);
  } else {
    add_layout(source, configured_layout(source), names);
  }
  add_others(source, names);
  return names;
}

std::vector<Name> names_of(settings::Source const& source) {
  return names_of(source, source.find_names ? open_directory(source).get() : AT_FDCWD);
}

std::vector<Name> names_to_watch(settings::Source const& source) {
  if (!source.find_names) return names_of(source);
  auto const found = find_layout(open_directory(source).get(), source.directory);
  std::vector<Name> names;
  if (found.complete)
    add_layout(source, with_configured_ca(source, found.layout), names);
  else
    for (Layout const& layout : known_layouts(source.directory))
      add_layout(source, with_configured_ca(source, layout), names);
  add_others(source, names);
  return names;
}

}  // namespace certpivot::source
