#include "publish/remarks.hpp"

#include <cerrno>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/error.hpp"
#include "publish/owner.hpp"
#include "publish/passphrase.hpp"
#include "publish/steps.hpp"

namespace certpivot::publish {

namespace {

std::string nearest_existing(std::string path) {
  struct ::stat facts {};
  while (path.size() > 1 && ::stat(path.c_str(), &facts) != 0) {
    auto const slash = path.find_last_of('/');
    path.resize(slash == 0 || slash == std::string::npos ? 1 : slash);
  }
  return path;
}

}  // namespace

std::vector<std::string> remarks(settings::Publish const& publish) {
  std::string const place = nearest_existing(publish.directory);
  struct ::stat facts {};
  if (::stat(place.c_str(), &facts) != 0 || !S_ISDIR(facts.st_mode))
    return {place + " is no directory, so " + publish.directory +
            " cannot hold generations; choose another publish.directory"};
  struct ::statvfs volume {};
  if (::statvfs(place.c_str(), &volume) == 0 && (volume.f_flag & ST_RDONLY) != 0)
    return {place + " is on a read-only file system; publish to a tmpfs such as /run"};
  if (::access(place.c_str(), W_OK | X_OK) != 0)
    return {"this user cannot write in " + place + ": " + system_text(errno) +
            "; run the check as the daemon's user, or give that user the directory"};
  return {};
}

std::vector<std::string> faults(settings::Publish const& publish) {
  std::vector<std::string> all;
  if (auto const owner = resolve_owner(publish); !owner) all.push_back(owner.error().text());
  if (auto const ours = inspect_directory(publish.directory); !ours)
    all.push_back(ours.error().text());
  if (publish.pkcs12)
    if (auto const read = read_passphrase(publish.pkcs12->passphrase_file); !read)
      all.push_back(read.error().text());
  return all;
}

}  // namespace certpivot::publish
