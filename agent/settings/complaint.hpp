#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace certpivot::settings {

/// One thing wrong with the configuration, at its place. Lines and columns count from 1; both are 0
/// where the complaint is about the file as a whole, or about a flag.
struct Complaint {
  std::string file = {};
  unsigned line = 0;
  unsigned column = 0;
  std::string text = {};

  /// "certpivot.toml:3:1: unknown key 'sorce'; did you mean 'source'?"
  [[nodiscard]] std::string sentence() const;
  bool operator==(Complaint const&) const = default;
};

/// The candidate closest to `word` by edit distance, or empty where none is close enough to be
/// meant.
[[nodiscard]] std::string_view nearest(std::string_view word,
                                       std::vector<std::string_view> const& candidates);

/// "; did you mean 'check'?" with the nearest candidate, or empty.
[[nodiscard]] std::string did_you_mean(std::string_view word,
                                       std::vector<std::string_view> const& candidates);
/// The same, or "; there are run, once, check" with all of them where none is near.
[[nodiscard]] std::string did_you_mean_or_all(std::string_view word,
                                              std::vector<std::string_view> const& candidates);

}  // namespace certpivot::settings
