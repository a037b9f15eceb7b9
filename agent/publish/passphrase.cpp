#include "publish/passphrase.hpp"

#include <fcntl.h>

#include "base/words.hpp"
#include "publish/whole_file.hpp"

namespace certpivot::publish {

namespace {

constexpr std::size_t largest_passphrase_file = 4096;
constexpr char const* passphrase_unreadable = "cannot read the passphrase";

tl::unexpected<Error> no_passphrase(std::string const& path, std::string why) {
  return fail(passphrase_unreadable, path, std::move(why),
              "write the passphrase as its first line, or leave passphrase_file out for none");
}

}  // namespace

Result<Secret> read_passphrase(std::string const& path) {
  if (path.empty()) return Secret();
  UniqueFd const file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  if (!file.valid())
    return fail_errno(passphrase_unreadable, path,
                      "let certpivot's user read it, or correct passphrase_file");
  auto text = read_whole(file, largest_passphrase_file, passphrase_unreadable, path);
  if (!text) return no_passphrase(path, text.error().why);
  text->truncate(first_line(text->view()).size());
  if (text->empty()) return no_passphrase(path, "its first line is empty");
  if (text->view().find('\0') != std::string_view::npos)
    return no_passphrase(path, "it holds a zero byte");
  return text;
}

}  // namespace certpivot::publish
