#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

/// Writers of certificate directories, each changing its files the way the real one does.
namespace certpivot::testing {

/// File name to content.
using Contents = std::map<std::string, std::string>;

/// A mounted Secret as the kubelet's AtomicWriter keeps it: the files are links to `..data/<name>`,
/// `..data` is a link to a directory with the time in its name, and an update is a new directory
/// and one rename over `..data`. The directory of before is removed after that.
class AtomicWriter {
 public:
  /// `directory` is made where it is not there.
  explicit AtomicWriter(std::filesystem::path directory);
  void write(Contents const& contents);

 private:
  std::filesystem::path directory_;
  std::filesystem::path previous_ = {};
  unsigned version_ = 0;
};

/// certbot: `archive/<domain>/<file><n>.pem`, and `live/<domain>/<file>.pem` a link to it, replaced
/// one after the other.
class Certbot {
 public:
  Certbot(std::filesystem::path root, std::string domain);
  /// Keys of `contents` are "fullchain", "privkey", …
  void write(Contents const& contents);
  [[nodiscard]] std::filesystem::path live() const { return live_; }

 private:
  std::filesystem::path archive_;
  std::filesystem::path live_;
  std::string domain_;
  unsigned version_ = 0;
};

/// A new file beside the old one, renamed over it.
void rename_over(std::filesystem::path const& file, std::string_view text);

/// The same inode, truncated and written anew: what `cp` and a shell's `>` do.
void rewrite_in_place(std::filesystem::path const& file, std::string_view text);

/// A link that leads to `target` from now on, by a rename: never absent in between.
void point_link(std::filesystem::path const& link, std::filesystem::path const& target);

}  // namespace certpivot::testing
