#include "settings/places.hpp"

#include <algorithm>
#include <system_error>

#include "settings/quote.hpp"
#include "settings/rules.hpp"

namespace certpivot::settings {

namespace fs = std::filesystem;

fs::path resolved(std::string const& path) {
  // Where links can't be followed (a loop, no right to look), the spelling is all there is.
  std::error_code error;
  fs::path all = fs::weakly_canonical(path, error);
  if (error) all = fs::path(path).lexically_normal();
  return all.has_filename() || all == all.root_path() ? all : all.parent_path();
}

bool within(fs::path const& path, fs::path const& directory) {
  auto const [end, rest] =
      std::mismatch(directory.begin(), directory.end(), path.begin(), path.end());
  return end == directory.end();
}

std::string publish_conflict(std::string const& publish, Source const& source) {
  fs::path const target = resolved(publish);
  if (is_absolute(source.directory)) {
    fs::path const origin = resolved(source.directory);
    if (within(target, origin))
      return "must lie outside the source directory " + in_quotes(source.directory);
    if (within(origin, target))
      return "must not hold the source directory " + in_quotes(source.directory);
  }
  for (std::string const* const name :
       {&source.certificate, &source.key, &source.bundle, &source.ca, &source.crl}) {
    if (is_absolute(*name) && within(resolved(fs::path(*name).parent_path()), target))
      return "must not hold the source's " + in_quotes(*name);
  }
  return {};
}

}  // namespace certpivot::settings
