#include "crypto/passphrase.hpp"

#include <string>
#include <utility>

#include "base/words.hpp"

namespace certpivot::crypto {
namespace {

tl::unexpected<Error> no_passphrase(std::string why) {
  return fail("cannot read the passphrase", {}, std::move(why), passphrase_remedy);
}

}  // namespace

Result<std::string_view> passphrase_in(std::string_view file) {
  std::string_view const line = first_line(file);
  if (line.empty()) return no_passphrase("its first line is empty");
  if (line.find('\0') != std::string_view::npos) return no_passphrase("it holds a zero byte");
  return line;
}

}  // namespace certpivot::crypto
