#include "base/words.hpp"

#include <unordered_set>

namespace certpivot {

std::string joined(std::vector<std::string> const& words) {
  std::string all;
  for (std::string const& word : words) all += (all.empty() ? "" : ", ") + word;
  return all;
}

std::string joined(std::vector<std::string> const& words, std::size_t most) {
  std::unordered_set<std::string_view> seen;
  std::vector<std::string> first;
  for (std::string const& word : words)
    if (seen.insert(word).second && first.size() < most) first.push_back(word);
  std::string const text = joined(first);
  return seen.size() == first.size()
             ? text
             : text + " and " + std::to_string(seen.size() - first.size()) + " more";
}

std::string_view first_line(std::string_view text) {
  auto const feed = text.find('\n');
  auto line = text.substr(0, feed);
  if (feed != std::string_view::npos && line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

}  // namespace certpivot
