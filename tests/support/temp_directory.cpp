#include "support/temp_directory.hpp"

#include <cerrno>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

#include "base/unique_fd.hpp"

namespace certpivot::testing {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void give_up(std::string const& what, fs::path const& where) {
  throw std::system_error(errno, std::generic_category(), what + " " + where.string());
}

fs::path make_unique() {
  std::string name = "/tmp/certpivot-test-XXXXXX";
  if (::mkdtemp(name.data()) == nullptr) give_up("mkdtemp", name);
  return name;
}

}  // namespace

TempDirectory::TempDirectory() : path_(make_unique()) {}

TempDirectory::~TempDirectory() {
  std::error_code ignored;  // a destructor has nobody to tell; what is left lies below /tmp
  fs::remove_all(path_, ignored);
}

fs::path TempDirectory::write(std::string_view name, std::string_view text, ::mode_t mode) const {
  auto const file = path_ / name;
  fs::create_directories(file.parent_path());
  write_file(file, text, mode);
  return file;
}

std::string TempDirectory::read(std::string_view name) const { return read_file(path_ / name); }

fs::path TempDirectory::make(std::string_view name) const {
  fs::create_directories(path_ / name);
  return path_ / name;
}

void write_file(fs::path const& path, std::string_view text, ::mode_t mode) {
  UniqueFd const file{::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)};
  if (!file.valid()) give_up("open", path);
  if (::fchmod(file.get(), mode) != 0) give_up("chmod", path);
  while (!text.empty()) {
    auto const written = ::write(file.get(), text.data(), text.size());
    if (written < 0) give_up("write", path);
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

std::string read_file(fs::path const& path) {
  UniqueFd const file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (!file.valid()) give_up("open", path);
  std::string text;
  char buffer[65536];
  while (true) {
    auto const got = ::read(file.get(), buffer, sizeof buffer);
    if (got < 0) give_up("read", path);
    if (got == 0) return text;
    text.append(buffer, static_cast<std::size_t>(got));
  }
}

}  // namespace certpivot::testing
