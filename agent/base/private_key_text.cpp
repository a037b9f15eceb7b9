#include "base/private_key_text.hpp"

#include <optional>

namespace certpivot {

namespace {

constexpr std::string_view dashes = "-----";
constexpr std::string_view remark = "[a private key was left out here]";

/// A line "-----BEGIN <label>-----" or its END, from its first character to the one after its last.
struct Boundary {
  std::size_t first = 0;
  std::size_t past = 0;
};

/// The next one at or after `from` whose label speaks of a private key.
std::optional<Boundary> find_boundary(std::string_view text, std::string_view opening,
                                      std::size_t from) {
  for (auto first = text.find(opening, from); first != std::string_view::npos;
       first = text.find(opening, first + 1)) {
    auto const label_at = first + opening.size();
    auto const closing = text.find(dashes, label_at);
    if (closing == std::string_view::npos) return std::nullopt;
    auto const label = text.substr(label_at, closing - label_at);
    if (label.find('\n') == std::string_view::npos &&
        label.find("PRIVATE KEY") != std::string_view::npos) {
      return Boundary{first, closing + dashes.size()};
    }
  }
  return std::nullopt;
}

}  // namespace

std::string without_private_keys(std::string_view text) {
  std::string clean;
  std::size_t at = 0;
  while (auto const begin = find_boundary(text, "-----BEGIN ", at)) {
    clean.append(text.substr(at, begin->first - at)).append(remark);
    auto const end = find_boundary(text, "-----END ", begin->past);
    at = end ? end->past : text.size();
  }
  return clean.append(text.substr(at));
}

}  // namespace certpivot
