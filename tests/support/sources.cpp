#include "support/sources.hpp"

#include <utility>

#include "support/temp_directory.hpp"

namespace certpivot::testing {

namespace fs = std::filesystem;

AtomicWriter::AtomicWriter(fs::path directory) : directory_(std::move(directory)) {
  fs::create_directories(directory_);
}

void AtomicWriter::write(Contents const& contents) {
  auto const stamp = "..2026_11_20_20_31_" + std::to_string(++version_);
  fs::create_directory(directory_ / stamp);
  for (auto const& [name, text] : contents) write_file(directory_ / stamp / name, text, 0644);
  fs::create_directory_symlink(stamp, directory_ / "..data_tmp");
  fs::rename(directory_ / "..data_tmp", directory_ / "..data");
  for (auto const& [name, text] : contents)
    if (!fs::is_symlink(directory_ / name)) fs::create_symlink("..data/" + name, directory_ / name);
  if (!previous_.empty()) fs::remove_all(previous_);
  previous_ = directory_ / stamp;
}

Certbot::Certbot(fs::path root, std::string domain)
    : archive_(root / "archive" / domain),
      live_(root / "live" / domain),
      domain_(std::move(domain)) {
  fs::create_directories(archive_);
  fs::create_directories(live_);
}

void Certbot::write(Contents const& contents) {
  ++version_;
  for (auto const& [name, text] : contents) {
    auto const file = name + std::to_string(version_) + ".pem";
    write_file(archive_ / file, text, name == "privkey" ? 0600 : 0644);
  }
  // certbot unlinks and links, so that for a moment there is nothing.
  for (auto const& [name, text] : contents) {
    fs::remove(live_ / (name + ".pem"));
    fs::create_symlink("../../archive/" + domain_ + "/" + name + std::to_string(version_) + ".pem",
                       live_ / (name + ".pem"));
  }
}

void rename_over(fs::path const& file, std::string_view text) {
  auto const fresh = file.string() + ".new";
  write_file(fresh, text, 0644);
  fs::rename(fresh, file);
}

void rewrite_in_place(fs::path const& file, std::string_view text) { write_file(file, text, 0644); }

void point_link(fs::path const& link, fs::path const& target) {
  auto const fresh = link.string() + ".new";
  fs::create_symlink(target, fresh);
  fs::rename(fresh, link);
}

}  // namespace certpivot::testing
