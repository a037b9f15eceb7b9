#include "base/words.hpp"

namespace certpivot {

std::string joined(std::vector<std::string> const& words) {
  std::string all;
  for (std::string const& word : words) all += (all.empty() ? "" : ", ") + word;
  return all;
}

std::string_view first_line(std::string_view text) {
  auto const feed = text.find('\n');
  auto line = text.substr(0, feed);
  if (feed != std::string_view::npos && line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

}  // namespace certpivot
