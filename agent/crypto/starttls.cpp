#include "crypto/starttls.hpp"

#include <algorithm>
#include <utility>

namespace certpivot::crypto {
namespace {

// More than any server says before TLS.
constexpr std::size_t longest_answer = std::size_t{16} * 1024;

starttls::Dialect dialect_of(Starttls protocol) {
  switch (protocol) {
    case Starttls::none:
      break;
    case Starttls::postgres:
      return starttls::postgres();
    case Starttls::smtp:
      return starttls::smtp();
    case Starttls::imap:
      return starttls::imap();
    case Starttls::ldap:
      return starttls::ldap();
    case Starttls::mysql:
      return starttls::mysql();
  }
  return {};
}

}  // namespace

std::optional<Starttls> starttls_of(std::string_view word) {
  auto const* const found = std::find(starttls_words.begin(), starttls_words.end(), word);
  if (found == starttls_words.end()) return std::nullopt;
  return static_cast<Starttls>(found - starttls_words.begin());
}

Opening::Opening(Starttls protocol) : dialect_(dialect_of(protocol)) {}

void Opening::feed(std::span<std::byte const> from_server) {
  std::transform(from_server.begin(), from_server.end(), std::back_inserter(received_),
                 [](std::byte byte) { return static_cast<char>(byte); });
}

std::string Opening::take_output() { return std::exchange(output_, {}); }

Step Opening::proceed() {
  for (; turn_ < dialect_.size(); ++turn_, said_ = false) {
    starttls::Turn const& turn = dialect_[turn_];
    if (!std::exchange(said_, true)) output_ += turn.say;
    if (turn.hear == nullptr) continue;
    starttls::Heard const heard = turn.hear(received_);
    if (!heard.why.empty()) return fail_with(heard.why);
    if (heard.size == 0 && received_.size() < longest_answer) return Step::wants_input;
    if (heard.size == 0)
      return fail_with("the server's answer to the request for TLS does not end");
    received_.erase(0, heard.size);
  }
  if (!received_.empty())
    return fail_with("the server sent " + std::to_string(received_.size()) +
                     " bytes between its consent and TLS, which somebody else may have put there");
  return Step::done;
}

Step Opening::fail_with(std::string why) {
  failure_ = std::move(why);
  return Step::failed;
}

}  // namespace certpivot::crypto
