#include <algorithm>
#include <fcntl.h>

#include "base/whole_file.hpp"
#include "publish/names.hpp"
#include "publish/steps.hpp"

namespace certpivot::publish {

namespace {

constexpr std::size_t largest_file = 16 << 20;  ///< far above what source/ lets in; for memory
constexpr char const* unreadable = "cannot read back";

Result<Secret> read_file(UniqueFd const& directory, char const* name, std::string const& where) {
  std::string const path = where + "/" + name;
  UniqueFd const file(
      ::openat(directory.get(), name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!file.valid()) return fail_errno(unreadable, path);
  return read_whole(file, largest_file, unreadable, path);
}

/// Nothing where it is not there.
Result<std::optional<std::string>> read_optional(UniqueFd const& directory, char const* name,
                                                 std::string const& where) {
  auto const bytes = read_file(directory, name, where);
  if (bytes) return std::string(bytes->view());
  if (bytes.error().code == std::errc::no_such_file_or_directory) return std::nullopt;
  return fail(bytes.error());
}

}  // namespace

Content StoredContent::view() const {
  Content content{certificate, key.view(), {}, {}, extras};
  if (ca) content.ca = *ca;
  if (crl) content.crl = *crl;
  return content;
}

Result<StoredContent> load_generation(Opened const& opened, Number number) {
  std::string const name = std::to_string(number);
  std::string const where = opened.generation(name);
  auto const directory = open_below(opened.generations.get(), name, where);
  if (!directory) return fail(directory.error());
  auto const certificate = read_file(*directory, certificate_name, where);
  if (!certificate) return fail(certificate.error());
  auto key = read_file(*directory, key_name, where);
  if (!key) return fail(std::move(key.error()));
  auto ca = read_optional(*directory, ca_name, where);
  if (!ca) return fail(std::move(ca.error()));
  auto crl = read_optional(*directory, crl_name, where);
  if (!crl) return fail(std::move(crl.error()));
  auto extras = names_in(directory->get(), where);
  if (!extras) return fail(std::move(extras.error()));
  std::erase_if(*extras, is_file_name);
  return StoredContent{std::string(certificate->view()), std::move(*key), std::move(*ca),
                       std::move(*crl), std::move(*extras)};
}

}  // namespace certpivot::publish
