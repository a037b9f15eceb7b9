#include <cstdio>
#include <fcntl.h>
#include <sys/stat.h>

#include "base/on_exit.hpp"
#include "publish/names.hpp"
#include "publish/steps.hpp"

namespace certpivot::publish {

namespace {

constexpr ::mode_t generation_mode = 0755;

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    ::ssize_t const written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

tl::unexpected<Error> chown_failure(std::string where, Access const& access) {
  int const cause = errno;
  std::string remedy =
      cause == EPERM ? "give certpivot CAP_CHOWN and CAP_FOWNER, or leave publish.owner out and "
                       "make certpivot's user a member of publish.group"
                     : "";
  return fail_errno("cannot give to " + access.owner_text + " the file", std::move(where),
                    std::move(remedy), cause);
}

/// Writes the files of one generation into its staging directory.
class Stage {
 public:
  Stage(Opened const& opened, UniqueFd const& directory, std::string where, Access const& access)
      : opened_(opened), directory_(directory), where_(std::move(where)), access_(access) {}

  /// The file is nobody's to open until owner and mode are final, and only then gets its bytes.
  [[nodiscard]] Result<void> write(std::string const& name, std::string_view bytes, Mode mode) {
    std::string const where = where_ + "/" + name;
    UniqueFd& file = files_.emplace_back(::openat(
        directory_.get(), name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0));
    if (!file.valid()) return write_failure("cannot make the file", where, opened_.path);
    Owner const none;
    bool const keep = access_.owner.user == none.user && access_.owner.group == none.group;
    if (!keep && ::fchown(file.get(), access_.owner.user, access_.owner.group) != 0)
      return chown_failure(where, access_);
    if (::fchmod(file.get(), mode.bits) != 0)
      return write_failure("cannot set the mode of", where, opened_.path);
    if (!write_all(file.get(), bytes)) return write_failure("cannot write", where, opened_.path);
    return {};
  }

  [[nodiscard]] Result<void> fill(Content const& content, std::vector<ExtraFile> const& extras) {
    Result<void> written = write(certificate_name, content.certificate, access_.certificate_mode);
    if (written) written = write(key_name, content.key, access_.key_mode);
    if (written && content.ca) written = write(ca_name, *content.ca, access_.certificate_mode);
    if (written && content.crl) written = write(crl_name, *content.crl, access_.certificate_mode);
    for (ExtraFile const& extra : extras)
      if (written) written = write(extra.name, extra.bytes.view(), extra.mode);
    if (!written) return written;
    if (::fchmod(directory_.get(), generation_mode) != 0)
      return write_failure("cannot set the mode of", where_, opened_.path);
    return {};
  }

  /// Everything at once, when the last name is final, and all bytes sent off before the first flush
  /// waits, as dpkg does it: a journalling file system then commits once instead of once for each
  /// file.
  [[nodiscard]] Result<void> flush_all() const {
    for (UniqueFd const& file : files_)
      (void)::sync_file_range(file.get(), 0, 0, SYNC_FILE_RANGE_WRITE);
    for (UniqueFd const& file : files_)
      if (!flush(file.get()))
        return write_failure("cannot flush the files in", where_, opened_.path);
    if (!flush(directory_.get()) || !flush(opened_.generations.get()))
      return write_failure("cannot flush", where_, opened_.path);
    return {};
  }

 private:
  std::vector<UniqueFd> files_ = {};
  Opened const& opened_;
  UniqueFd const& directory_;
  std::string where_;
  Access const& access_;
};

/// A directory for the owner alone until it is complete. One of this name is left of a failure.
Result<UniqueFd> make_staging(Opened const& opened, std::string const& name) {
  int const parent = opened.generations.get();
  std::string const where = opened.generation(name);
  auto removed = remove_flat(parent, name, where);
  if (!removed) return fail(std::move(removed.error()));
  if (::mkdirat(parent, name.c_str(), 0700) != 0)
    return write_failure("cannot make", where, opened.path);
  auto directory = open_below(parent, name, where);
  if (!directory) (void)::unlinkat(parent, name.c_str(), AT_REMOVEDIR);
  return directory;
}

}  // namespace

Result<void> stage_generation(Opened const& opened, Number number, Content const& content,
                              std::vector<ExtraFile> const& extras, Access const& access) {
  int const parent = opened.generations.get();
  std::string const name = std::to_string(number);
  struct ::stat facts {};
  if (::fstatat(parent, name.c_str(), &facts, AT_SYMLINK_NOFOLLOW) == 0)
    return fail("cannot stage the generation", opened.generation(name), "it is there already");

  std::string standing = temporary_name(staging_prefix, number);
  auto const directory = make_staging(opened, standing);
  if (!directory) return fail(directory.error());
  // What cannot be removed either is a leftover, which the next prepare() removes or complains of.
  OnExit undo([&] { (void)remove_flat(parent, standing, opened.generation(standing)); });
  Stage stage(opened, *directory, opened.generation(standing), access);
  auto filled = stage.fill(content, extras);
  if (!filled) return filled;
  if (::renameat(parent, standing.c_str(), parent, name.c_str()) != 0)
    return write_failure("cannot name the generation", opened.generation(name), opened.path);
  standing = name;
  // A power cut before this may leave half a generation under its number. It is above the one in
  // force then, and the next start removes it.
  auto flushed = stage.flush_all();
  if (!flushed) return flushed;
  undo.dismiss();
  return {};
}

}  // namespace certpivot::publish
