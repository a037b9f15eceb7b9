#include "source/crls.hpp"

#include <fcntl.h>
#include <iterator>
#include <utility>

#include "crypto/library.hpp"
#include "source/file.hpp"
#include "source/version.hpp"

namespace certpivot::source {

crypto::CrlFile Crls::of_file(std::string const& path) {
  // Before the read: a file that changes in between is read once more next time.
  std::string version = version_of(path);
  if (auto known = this->known(path, version)) return *std::move(known);
  auto const look = look_at(AT_FDCWD, {Role::crl, path, path, false, true}, crl_size_limit);
  if (!look) return {path, {}, look.error().text};
  auto file = parse(look->file.bytes.view(), path);
  std::lock_guard const lock(mutex_);
  files_[path] = {std::move(version), file, std::chrono::steady_clock::now()};
  return file;
}

std::optional<crypto::CrlFile> Crls::known(std::string const& path, std::string const& version) {
  auto const now = std::chrono::steady_clock::now();
  std::lock_guard const lock(mutex_);
  auto const found = files_.find(path);
  if (found != files_.end()) found->second.asked = now;
  std::erase_if(files_, [&](auto const& entry) {
    return entry.first != path && now - entry.second.asked >= kept_;
  });
  if (found == files_.end()) return {};
  if (!version.empty() && found->second.version == version) return found->second.file;
  files_.erase(found);
  return {};
}

crypto::CrlFile Crls::of_bytes(FileBytes const& file) {
  return parse(file.bytes.view(), file.facts.path);
}

crypto::CrlFile Crls::parse(std::string_view bytes, std::string const& path) {
  std::string const digest = crypto::digest({bytes});
  {
    std::lock_guard const lock(mutex_);
    if (auto const known = lists_.find(digest); known != lists_.end())
      if (auto list = known->second.lock()) return {path, std::move(list)};
  }
  auto crls = crypto::read_crls(bytes);
  if (!crls) {
    Error error = crls.error();
    error.where = path;
    error.remedy = "write the CA's CRL into it, in PEM or DER";
    return {path, {}, error.text()};
  }
  auto const list = std::make_shared<std::vector<crypto::Crl> const>(*std::move(crls));
  std::lock_guard const lock(mutex_);
  for (auto entry = lists_.begin(); entry != lists_.end();)
    entry = entry->second.expired() ? lists_.erase(entry) : std::next(entry);
  lists_[digest] = list;
  return {path, list};
}

}  // namespace certpivot::source
