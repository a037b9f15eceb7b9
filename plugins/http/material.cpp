#include "plugins/http/material.hpp"

#include <fcntl.h>

#include "base/whole_file.hpp"
#include "crypto/system_bundle.hpp"
#include "plugins/http/hmac_key.hpp"
#include "plugins/published/published.hpp"

namespace certpivot::plugins {

namespace {

constexpr std::size_t largest_bundle = std::size_t{1} << 20U;

using Anchors = std::shared_ptr<crypto::Anchors const>;

Result<Anchors> anchors_in(std::string_view bundle, std::string const& path) {
  auto anchors = crypto::Anchors::from_bundle(bundle);
  if (anchors) return std::move(*anchors);
  Error error = anchors.error();
  error.where = path;
  return fail(std::move(error));
}

Result<Anchors> configured_anchors(std::string const& configured) {
  constexpr auto no_anchors = "cannot read the anchors";
  auto const path = configured == "system" ? crypto::system_bundle() : configured;
  UniqueFd const file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  if (!file.valid()) return fail_errno(no_anchors, path, "correct the hook's anchors");
  auto const bundle = read_whole(file, largest_bundle, no_anchors, path);
  if (!bundle) return fail(bundle.error());
  return anchors_in(bundle->view(), path);
}

Result<Anchors> default_anchors(Published const& published, std::string const& path) {
  if (path.empty()) return configured_anchors("system");
  auto const bundle = published.read(path);
  if (!bundle) return fail(bundle.error());
  return anchors_in(bundle->view(), path);
}

Result<crypto::ClientPair> pair_of(Published const& published, event::Paths const& paths) {
  auto const certificate = published.certificate();
  if (!certificate) return fail(certificate.error());
  // Where the key stands in the certificate's file, that one is read for both.
  auto key = published.read(paths.key);
  if (!key) return fail(key.error());
  return crypto::ClientPair{std::string(certificate->view()), std::move(*key)};
}

}  // namespace

Result<Material> configured_material(settings::Hook::Http const& settings) {
  Material material;
  if (!settings.hmac_file.empty()) {
    auto key = read_hmac_key(settings.hmac_file);
    if (!key) return fail(key.error());
    material.hmac_key = std::move(*key);
  }
  if (settings.anchors.empty()) return material;
  auto anchors = configured_anchors(settings.anchors);
  if (!anchors) return fail(anchors.error());
  material.anchors = std::move(*anchors);
  return material;
}

Result<Material> whole_material(settings::Hook::Http const& settings, event::Paths const& paths) {
  auto material = configured_material(settings);
  if (!material || (material->anchors && !settings.present)) return material;
  auto const published = Published::open(paths);
  if (!published) return fail(published.error());
  if (!material->anchors) {
    auto anchors = default_anchors(*published, paths.ca);
    if (!anchors) return fail(anchors.error());
    material->anchors = std::move(*anchors);
  }
  if (!settings.present) return material;
  auto pair = pair_of(*published, paths);
  if (!pair) return fail(pair.error());
  material->pair = std::move(*pair);
  return material;
}

}  // namespace certpivot::plugins
