#pragma once

#include <string>
#include <string_view>

#include "base/secret.hpp"

/// What is said to haproxy's command line.
namespace certpivot::plugins {

/// The largest `set ssl cert` with its payload that fits into tune.bufsize, by default 16384 bytes.
/// One that is larger gets no answer, and in the worst case none for ever.
inline constexpr std::size_t largest_replacement = 16383;

/// Whether a name can be said as one word: haproxy splits at blanks and ';' and reads \ and quotes.
[[nodiscard]] bool is_one_word(std::string_view name);

/// `set ssl cert NAME` with the two PEM texts and `commit ssl cert NAME`, for one connection. Empty
/// lines are left out, because one ends the payload and what follows it is read as commands. Not to
/// be used beyond largest_replacement.
[[nodiscard]] Secret replacement(std::string const& name, std::string_view certificate,
                                 std::string_view key);

}  // namespace certpivot::plugins
