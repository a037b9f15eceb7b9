#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "settings/settings.hpp"

/// Values that are one of a few words, for the file's keys and for flags alike.
namespace certpivot::settings {

/// A word, and what it stands for.
template <class Value>
using Choice = std::pair<std::string_view, Value>;
template <class Value>
using Choices = std::span<Choice<Value> const>;

inline constexpr std::array<Choice<Purpose>, 4> purposes{{{"server", Purpose::server},
                                                          {"client", Purpose::client},
                                                          {"both", Purpose::both},
                                                          {"any", Purpose::any}}};
inline constexpr std::array<Choice<Revocation>, 3> revocations{
    {{"off", Revocation::off}, {"crl", Revocation::crl}, {"ocsp", Revocation::ocsp}}};

inline constexpr std::array<Choice<OcspMode>, 2> ocsp_modes{
    {{"require", OcspMode::require}, {"soft", OcspMode::soft}}};

/// The end of a sentence about a text that is none of the words: "must be \"a\" or \"b\", not …".
[[nodiscard]] std::string no_such_word(std::string const& text,
                                       std::vector<std::string_view> const& words);

/// What the text stands for; nothing where it is none of the words.
template <class Value>
[[nodiscard]] std::optional<Value> chosen(std::string_view text, Choices<Value> choices) {
  auto const found = std::find_if(choices.begin(), choices.end(),
                                  [&](auto const& choice) { return choice.first == text; });
  return found == choices.end() ? std::nullopt : std::optional(found->second);
}

template <class Value>
[[nodiscard]] std::vector<std::string_view> words_of(Choices<Value> choices) {
  std::vector<std::string_view> words;
  for (auto const& choice : choices) words.push_back(choice.first);
  return words;
}

}  // namespace certpivot::settings
