#include "support/recipe.hpp"

#include <doctest/doctest.h>

#include "support/repository.hpp"
#include "support/temp_directory.hpp"

namespace certpivot::testing {

std::string recipe(std::string const& name) {
  return read_file(repository() / "config/examples" / name);
}

void put(std::string& text, std::string const& from, std::string const& to) {
  CAPTURE(from);
  REQUIRE(text.find(from) != std::string::npos);
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
}

}  // namespace certpivot::testing
