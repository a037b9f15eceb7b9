#include "publish/passphrase.hpp"

#include <fcntl.h>

#include "base/whole_file.hpp"
#include "crypto/passphrase.hpp"

namespace certpivot::publish {

namespace {

constexpr std::size_t largest_passphrase_file = 4096;
constexpr char const* passphrase_unreadable = "cannot read the passphrase";

tl::unexpected<Error> no_passphrase(std::string const& path, Error error) {
  error.where = path;
  error.remedy = crypto::passphrase_remedy;
  return fail(std::move(error));
}

}  // namespace

Result<Secret> read_passphrase(std::string const& path) {
  if (path.empty()) return Secret();
  UniqueFd const file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  if (!file.valid())
    return fail_errno(passphrase_unreadable, path,
                      "let certpivot's user read it, or correct passphrase_file");
  auto text = read_whole(file, largest_passphrase_file, passphrase_unreadable, path);
  if (!text) return no_passphrase(path, text.error());
  auto const passphrase = crypto::passphrase_in(text->view());
  if (!passphrase) return no_passphrase(path, passphrase.error());
  text->truncate(passphrase->size());
  return text;
}

}  // namespace certpivot::publish
