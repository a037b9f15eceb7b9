#include <fcntl.h>

#include "crypto/system_bundle.hpp"
#include "source/file.hpp"
#include "source/names.hpp"
#include "source/read.hpp"

namespace certpivot::source {

Result<std::string> read_anchors(std::string const& anchors) {
  bool const system = anchors == "system";
  auto const path = system ? crypto::system_bundle() : anchors;
  Name const name{Role::ca, path, absolute(path), false, true};
  auto const look = look_at(AT_FDCWD, name);
  if (!look) {
    auto const* const remedy =
        system ? "install the package ca-certificates, or name a file in trust.anchors" : "";
    return fail("cannot read the anchors", {}, look.error().text, remedy);
  }
  return std::string(look->file.bytes.view());
}

}  // namespace certpivot::source
