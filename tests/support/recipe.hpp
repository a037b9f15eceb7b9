#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace certpivot::testing {

/// A file of config/examples.
[[nodiscard]] std::string recipe(std::string const& name);

/// Every `from` becomes `to`; there must be one, or the recipe is another by now.
void put(std::string& text, std::string const& from, std::string const& to);

/// The recipe with all that it names below /etc, /mnt and /run below `root` instead, as if that
/// were "/". Where not root runs the tests, its files have no other owner.
[[nodiscard]] std::string below(std::filesystem::path const& root, std::string text);

/// What the recipe has written into the server's own configuration: the lines of its comment that
/// stand further in.
[[nodiscard]] std::string server_lines(std::string const& recipe);

/// A command line's words, parted by blanks.
[[nodiscard]] std::vector<std::string> words_of(std::string const& line);

/// The arguments of the certpivot that the recipe has run before the server starts.
[[nodiscard]] std::vector<std::string> first_placement(std::string const& recipe);

}  // namespace certpivot::testing
