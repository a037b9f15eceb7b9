#include "source/evidence.hpp"

#include <iterator>
#include <sys/stat.h>
#include <utility>

#include "source/read.hpp"

namespace certpivot::source {

namespace {

// Empty where the file is not there: then nothing is cached, and reading it says what is wrong.
std::string version_of(std::string const& path) {
  struct ::stat facts {};
  if (::stat(path.c_str(), &facts) != 0) return {};
  std::string version;
  for (auto const part :
       {static_cast<long long>(facts.st_dev), static_cast<long long>(facts.st_ino),
        static_cast<long long>(facts.st_size), static_cast<long long>(facts.st_mtim.tv_sec),
        static_cast<long long>(facts.st_mtim.tv_nsec), static_cast<long long>(facts.st_ctim.tv_sec),
        static_cast<long long>(facts.st_ctim.tv_nsec)})
    version += std::to_string(part) + ":";
  return version;
}

}  // namespace

Result<Evidence::Anchors> Evidence::anchors(std::string const& configured,
                                            Snapshot const& snapshot) {
  if (!configured.empty() && configured != "system") return from_file(configured);
  if (configured.empty() && snapshot.ca)
    return from_bytes(snapshot.ca->bytes.view(), snapshot.ca->facts.path);
  return from_file(system_bundle());
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
  auto anchors = crypto::Anchors::from_pem(bundle);
  if (!anchors) {
    Error error = anchors.error();
    error.where = origin;
    return fail(std::move(error));
  }
  std::lock_guard const lock(mutex_);
  for (auto entry = bundles_.begin(); entry != bundles_.end();)
    entry = entry->second.expired() ? bundles_.erase(entry) : std::next(entry);
  bundles_[digest] = *anchors;
  return anchors;
}

}  // namespace certpivot::source
