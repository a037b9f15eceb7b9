#include "settings/complaint.hpp"

#include <algorithm>
#include <cstddef>

#include "base/ascii.hpp"
#include "base/words.hpp"

namespace certpivot::settings {

namespace {

/// Typing errors do not respect case, and a hyphen for an underscore is the commonest of them.
char folded(char letter) {
  if (is_capital_letter(letter)) return static_cast<char>(letter - 'A' + 'a');
  return letter == '-' ? '_' : letter;
}

/// Optimal string alignment: insertions, deletions, changes, and swaps of two neighbours, one each.
std::size_t distance(std::string_view left, std::string_view right) {
  std::vector<std::size_t> before(right.size() + 1);
  std::vector<std::size_t> above(right.size() + 1);
  std::vector<std::size_t> row(right.size() + 1);
  for (std::size_t j = 0; j <= right.size(); ++j) above[j] = j;
  for (std::size_t i = 1; i <= left.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= right.size(); ++j) {
      bool const same = folded(left[i - 1]) == folded(right[j - 1]);
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (same ? 0U : 1U)});
      if (i > 1 && j > 1 && folded(left[i - 1]) == folded(right[j - 2]) &&
          folded(left[i - 2]) == folded(right[j - 1]))
        row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before.swap(above);
    above.swap(row);
  }
  return above[right.size()];
}

}  // namespace

std::string Complaint::sentence() const {
  if (file.empty()) return text;
  if (line == 0) return file + ": " + text;
  return file + ":" + std::to_string(line) + ":" + std::to_string(column) + ": " + text;
}

std::string_view nearest(std::string_view word, std::vector<std::string_view> const& candidates) {
  // A third of the word may be wrong, and at least one letter of it right.
  std::size_t const limit = std::max<std::size_t>(1, word.size() / 3);
  std::string_view best = {};
  std::size_t least = std::min(limit + 1, word.size());
  for (std::string_view const candidate : candidates) {
    std::size_t const difference = candidate.size() > word.size() ? candidate.size() - word.size()
                                                                  : word.size() - candidate.size();
    if (difference >= least) continue;
    if (std::size_t const found = distance(word, candidate); found < least) {
      least = found;
      best = candidate;
    }
  }
  return best;
}

std::string did_you_mean(std::string_view word, std::vector<std::string_view> const& candidates) {
  auto const near = nearest(word, candidates);
  return near.empty() ? "" : "; did you mean '" + std::string(near) + "'?";
}

std::string did_you_mean_or_all(std::string_view word,
                                std::vector<std::string_view> const& candidates) {
  auto const meant = did_you_mean(word, candidates);
  return meant.empty() ? "; there are " + joined({candidates.begin(), candidates.end()}) : meant;
}

}  // namespace certpivot::settings
