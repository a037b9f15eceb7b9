#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <sys/types.h>

namespace certpivot::testing {

/// A directory of its own below /tmp, mode 0700, removed with everything in it when its owner goes.
/// Every failure throws: a test that cannot set its stage must not pass.
class TempDirectory {
 public:
  TempDirectory();
  TempDirectory(TempDirectory const&) = delete;
  TempDirectory& operator=(TempDirectory const&) = delete;
  TempDirectory(TempDirectory&&) = delete;
  TempDirectory& operator=(TempDirectory&&) = delete;
  ~TempDirectory();

  [[nodiscard]] std::filesystem::path const& path() const { return path_; }
  [[nodiscard]] std::string string() const { return path_.string(); }
  [[nodiscard]] std::filesystem::path operator/(std::string_view name) const {
    return path_ / name;
  }

  /// Writes `text` to the file `name`, made with its parent directories where it is not there, and
  /// truncated and rewritten in place where it is; sets the mode whatever the umask. Its path.
  std::filesystem::path write(std::string_view name, std::string_view text,
                              ::mode_t mode = 0600) const;
  /// The whole content of the file `name`.
  [[nodiscard]] std::string read(std::string_view name) const;
  /// Makes the directory `name` and its parents. Its path.
  std::filesystem::path make(std::string_view name) const;

 private:
  std::filesystem::path path_;
};

/// The same for any path.
void write_file(std::filesystem::path const& path, std::string_view text, ::mode_t mode = 0600);
[[nodiscard]] std::string read_file(std::filesystem::path const& path);

}  // namespace certpivot::testing
