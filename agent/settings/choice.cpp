#include "settings/choice.hpp"

#include "settings/complaint.hpp"
#include "settings/quote.hpp"

namespace certpivot::settings {

namespace {

/// `"a", "b" or "c"`.
std::string list_of(std::vector<std::string_view> const& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " or " : ", ";
    text += in_quotes(words[i]);
  }
  return text;
}

}  // namespace

std::string no_such_word(std::string const& text, std::vector<std::string_view> const& words) {
  std::string const wrong = "must be " + list_of(words) + ", not " + in_quotes(text);
  auto const near = nearest(text, words);
  return near.empty() ? wrong : wrong + "; did you mean " + in_quotes(near) + "?";
}

}  // namespace certpivot::settings
