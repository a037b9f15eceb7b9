#include "crypto/strict.hpp"

#include <doctest/doctest.h>

#include "settings/settings.hpp"

using namespace certpivot;

TEST_CASE("the strict checks that a chain may fail are those that the configuration may relax") {
  auto const& known = settings::strict_checks;
  CHECK(crypto::strict_words() == std::vector<std::string_view>(known.begin(), known.end()));
}
