#include "base/words.hpp"

namespace certpivot {

std::string joined(std::vector<std::string> const& words) {
  std::string all;
  for (std::string const& word : words) all += (all.empty() ? "" : ", ") + word;
  return all;
}

std::string_view first_line(std::string_view text) { return text.substr(0, text.find('\n')); }

}  // namespace certpivot
