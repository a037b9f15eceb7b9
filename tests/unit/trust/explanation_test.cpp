#include "trust/explanation.hpp"

#include <set>
#include <string>

#include <doctest/doctest.h>

using namespace certpivot::trust;

namespace {

std::ptrdiff_t sentences_of(std::string_view text) {
  std::ptrdiff_t count = text.ends_with('.') ? 1 : 0;
  for (std::size_t at = text.find(". "); at != std::string_view::npos;
       at = text.find(". ", at + 1)) {
    ++count;
  }
  return count;
}

}  // namespace

TEST_CASE("each reason has an explanation of its own, of three to six sentences on one line") {
  std::set<std::string_view> all;
  auto const last = static_cast<int>(last_reason);
  for (int number = 0; number <= last; ++number) {
    auto const reason = static_cast<Reason>(number);
    std::string_view const text = explanation(reason);
    CAPTURE(code(reason));
    REQUIRE_FALSE(text.empty());
    CHECK(std::isupper(static_cast<unsigned char>(text.front())) +
              std::islower(static_cast<unsigned char>(text.front())) >
          0);
    CHECK(sentences_of(text) >= 3);
    CHECK(sentences_of(text) <= 6);
    CHECK(text.find('\n') == std::string_view::npos);
    CHECK(text.find("  ") == std::string_view::npos);
    all.insert(text);
  }
  CHECK(all.size() == static_cast<std::size_t>(last) + 1);
}
