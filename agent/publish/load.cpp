#include <fcntl.h>
#include <sys/stat.h>

#include "publish/names.hpp"
#include "publish/steps.hpp"

namespace certpivot::publish {

namespace {

constexpr ::off_t largest_file = 16 << 20;  ///< far above what source/ lets in; a guard for memory

Result<Secret> read_file(int directory, char const* name, std::string const& where) {
  UniqueFd const file(::openat(directory, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!file.valid()) return fail_errno("cannot read back", where);
  struct ::stat facts {};
  if (::fstat(file.get(), &facts) != 0) return fail_errno("cannot read back", where);
  if (!S_ISREG(facts.st_mode) || facts.st_size > largest_file)
    return fail("cannot read back", where, "it is not a file that certpivot made");
  Secret bytes(static_cast<std::size_t>(facts.st_size));
  std::size_t filled = 0;
  while (filled < bytes.size()) {
    auto const rest = bytes.bytes().subspan(filled);
    ::ssize_t const count = ::read(file.get(), rest.data(), rest.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail_errno("cannot read back", where);
    if (count == 0) return fail("cannot read back", where, "it became shorter meanwhile");
    filled += static_cast<std::size_t>(count);
  }
  return bytes;
}

}  // namespace

Content StoredContent::view() const {
  Content content{certificate, key.view(), std::nullopt};
  if (ca) content.ca = *ca;
  if (crl) content.crl = *crl;
  return content;
}

Result<StoredContent> load_generation(Opened const& opened, Number number) {
  std::string const name = std::to_string(number);
  std::string const where = opened.generation(name);
  auto const directory = open_below(opened.generations.get(), name, where);
  if (!directory) return fail(directory.error());
  StoredContent content;
  auto const certificate =
      read_file(directory->get(), certificate_name, where + "/" + certificate_name);
  if (!certificate) return fail(certificate.error());
  content.certificate = certificate->view();
  auto key = read_file(directory->get(), key_name, where + "/" + key_name);
  if (!key) return fail(std::move(key.error()));
  content.key = std::move(*key);
  auto const ca = read_file(directory->get(), ca_name, where + "/" + ca_name);
  if (ca)
    content.ca = std::string(ca->view());
  else if (ca.error().code != std::errc::no_such_file_or_directory)
    return fail(ca.error());
  return content;
}

}  // namespace certpivot::publish
