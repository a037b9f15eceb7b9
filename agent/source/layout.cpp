#include "source/layout.hpp"

#include <algorithm>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>

#include "base/unique_fd.hpp"
#include "base/words.hpp"

namespace certpivot::source {

namespace {

// Those whose names do not depend on the directory's.
std::vector<Layout> const& fixed_layouts() {
  static std::vector<Layout> const all{
      {"a Kubernetes TLS Secret's", "tls.crt", "tls.key", {}, {"ca.crt"}},
      {"a Kubernetes TLS Secret's", "tls.crt", "key.der", {}, {"ca.crt"}},
      {"a Kubernetes TLS Secret's", {}, {}, "tls-combined.pem", {"ca.crt"}},
      {"certbot's", "fullchain.pem", "privkey.pem", {}, {}},
      {"spiffe-helper's", "svid.pem", "svid_key.pem", {}, {"svid_bundle.pem"}},
      {"Vault's", "certificate", "private_key", {}, {"issuing_ca", "ca_chain"}},
      {"Vault's", "certificate.pem", "private_key.pem", {}, {"issuing_ca.pem", "ca_chain.pem"}},
      {"Vault's", "certificate.crt", "private_key.key", {}, {"issuing_ca.crt", "ca_chain.crt"}},
      {"a pod certificate's", {}, {}, "credentialbundle.pem", {"ca.crt"}},
      {"a pod certificate's", {}, {}, "credentials.pem", {"ca.crt"}},
  };
  return all;
}

Layout named_after(std::string const& directory) {
  auto path = std::filesystem::path(directory).lexically_normal();
  if (!path.has_filename()) path = path.parent_path();
  std::string const name = path.filename();
  return {"pqcert's, mkcert's and cfssl's", name + ".pem", name + "-key.pem", {}, {"ca.pem"}};
}

bool is_there(int directory, std::string const& name) {
  struct ::stat facts {};
  return ::fstatat(directory, name.c_str(), &facts, AT_NO_AUTOMOUNT) == 0;
}

// A link that leads nowhere included: whoever made it means that layout.
bool is_entered(int directory, std::string const& name) {
  struct ::stat facts {};
  return ::fstatat(directory, name.c_str(), &facts, AT_NO_AUTOMOUNT | AT_SYMLINK_NOFOLLOW) == 0;
}

bool is_complete(int directory, Layout const& layout) {
  auto const names = layout.required();
  return std::all_of(names.begin(), names.end(),
                     [&](auto const& name) { return is_there(directory, name); });
}

bool is_begun(int directory, Layout const& layout) {
  auto const names = layout.required();
  return std::any_of(names.begin(), names.end(),
                     [&](auto const& name) { return is_entered(directory, name); });
}

}  // namespace

std::vector<std::string> Layout::required() const {
  if (!bundle.empty()) return {bundle};
  return {certificate, key};
}

Layout configured_layout(settings::Source const& source) {
  Layout layout{{}, source.certificate, source.key, source.bundle, {}};
  if (!source.ca.empty()) layout.ca = {source.ca};
  return layout;
}

std::vector<Layout> known_layouts(std::string const& directory) {
  auto all = fixed_layouts();
  all.push_back(named_after(directory));
  return all;
}

std::string layouts_in_words(std::string const& directory) {
  std::vector<std::string> words;
  for (Layout const& layout : known_layouts(directory))
    words.push_back(layout.bundle.empty() ? layout.certificate + " and " + layout.key
                                          : layout.bundle);
  return joined(words);
}

FoundLayout find_layout(int directory, std::string const& path) {
  for (Layout const& layout : fixed_layouts())
    if (is_complete(directory, layout)) return {layout, true, true};
  auto const all = known_layouts(path);
  if (is_complete(directory, all.back())) return {all.back(), true, true};
  auto const begun = std::find_if(
      all.begin(), all.end(), [&](Layout const& layout) { return is_begun(directory, layout); });
  if (begun == all.end()) return {all.front(), false, false};
  return {*begun, false, true};
}

Layout with_present_ca(int directory, Layout layout) {
  if (layout.ca.size() < 2) return layout;
  auto const present = std::find_if(layout.ca.begin(), layout.ca.end(),
                                    [&](auto const& name) { return is_there(directory, name); });
  layout.ca = {present == layout.ca.end() ? layout.ca.front() : *present};
  return layout;
}

std::vector<Layout> complete_layouts(settings::Source const& source) {
  UniqueFd const directory(::open(source.directory.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  std::vector<Layout> complete;
  for (Layout const& layout : known_layouts(source.directory))
    if (is_complete(directory.get(), layout)) complete.push_back(layout);
  return complete;
}

}  // namespace certpivot::source
