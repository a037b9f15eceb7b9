#include "source/evidence.hpp"

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <utility>

#include "crypto/library.hpp"
#include "crypto/system_bundle.hpp"
#include "source/fault.hpp"
#include "source/names.hpp"
#include "source/read.hpp"
#include "source/version.hpp"

namespace certpivot::source {

namespace {

std::string crl_path(settings::Source const& source) {
  auto const names = names_of(source);
  auto const own = std::find_if(names.begin(), names.end(),
                                [](Name const& name) { return name.role == Role::crl; });
  return own == names.end() ? std::string() : own->path;
}

crypto::CrlFile own_crl(Crls& crls, std::string const& path, Snapshot const* snapshot) {
  if (snapshot == nullptr) return crls.of_file(path);
  if (!snapshot->crl) return {path, {}, fault_of(ENOENT, path).text};
  return crls.of_bytes(*snapshot->crl);
}

}  // namespace

Result<Evidence::Anchors> Evidence::anchors(std::string const& configured,
                                            Snapshot const& snapshot) {
  if (!snapshot.ca) return anchors(configured, std::nullopt, {});
  return anchors(configured, snapshot.ca->bytes.view(), snapshot.ca->facts.path);
}

std::string Evidence::anchors_name(std::string const& configured, Snapshot const& snapshot) {
  if (!configured.empty() && configured != "system") return configured;
  if (configured.empty() && snapshot.ca) return snapshot.ca->facts.path;
  return "the system's " + crypto::system_bundle();
}

Result<Evidence::Anchors> Evidence::anchors(std::string const& configured,
                                            std::optional<std::string_view> ca,
                                            std::string const& origin) {
  if (!configured.empty() && configured != "system") return from_file(configured);
  if (configured.empty() && ca) return from_bytes(*ca, origin);
  return from_file(crypto::system_bundle());
}

std::vector<crypto::CrlFile> Evidence::crls(settings::Certificate const& settings,
                                            Snapshot const* snapshot) {
  std::vector<crypto::CrlFile> files;
  if (auto const path = crl_path(settings.source); !path.empty()) {
    files.push_back(own_crl(crls_, path, snapshot));
    files.back().of_source = true;
  }
  if (settings.trust.revocation == settings::Revocation::crl)
    for (std::string const& path : settings.trust.crl_files) files.push_back(crls_.of_file(path));
  return files;
}

std::vector<crypto::OcspAnswer> Evidence::answers(std::vector<crypto::Certificate> const& path,
                                                  settings::Trust const& rules, WallTime now) {
  if (rules.revocation != settings::Revocation::ocsp) return {};
  return responders_.ask(path, rules, now);
}

std::string Evidence::version(settings::Certificate const& settings) {
  if (settings.trust.revocation != settings::Revocation::crl) return {};
  std::string version = version_of(crl_path(settings.source));
  for (std::string const& path : settings.trust.crl_files) version += "\n" + version_of(path);
  return version;
}

Result<Evidence::Anchors> Evidence::from_file(std::string const& path) {
  // The version is taken before the read: a file that changes in between is read once more next
  // time.
  std::string version = version_of(path);
  {
    std::lock_guard const lock(mutex_);
    auto const known = files_.find(path);
    if (known != files_.end() && !version.empty() && known->second.version == version)
      return known->second.anchors;
  }
  auto const bundle = read_anchors(path);
  if (!bundle) return fail(bundle.error());
  auto anchors = from_bytes(*bundle, path);
  if (anchors) {
    std::lock_guard const lock(mutex_);
    files_[path] = {std::move(version), *anchors};
  }
  return anchors;
}

Result<Evidence::Anchors> Evidence::from_bytes(std::string_view bundle, std::string const& origin) {
  std::string const digest = crypto::digest({bundle});
  {
    std::lock_guard const lock(mutex_);
    if (auto const known = bundles_.find(digest); known != bundles_.end())
      if (auto anchors = known->second.lock()) return anchors;
  }
  auto anchors = crypto::Anchors::from_bundle(bundle);
  if (!anchors) return fail("cannot take anchors from", origin, anchors.error().text());
  std::lock_guard const lock(mutex_);
  for (auto entry = bundles_.begin(); entry != bundles_.end();)
    entry = entry->second.expired() ? bundles_.erase(entry) : std::next(entry);
  bundles_[digest] = *anchors;
  return anchors;
}

}  // namespace certpivot::source
