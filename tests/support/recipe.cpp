#include "support/recipe.hpp"

#include <regex>
#include <sstream>
#include <unistd.h>

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

std::string below(std::filesystem::path const& root, std::string text) {
  // Not the "/run/" inside of another path.
  static std::regex const path(R"((^|[^\w/.-])(/(?:etc|mnt|run)/))");
  text = std::regex_replace(text, path, "$1" + root.string() + "$2");
  static std::regex const owner(R"((^|\n)(?:owner|group) = [^\n]*)");
  return ::geteuid() == 0 ? text : std::regex_replace(text, owner, "$1");
}

std::string server_lines(std::string const& recipe) {
  static std::string const further_in = "#   ";
  std::istringstream lines(recipe);
  std::string all;
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with(further_in)) all += line.substr(further_in.size()) + "\n";
  return all;
}

std::vector<std::string> words_of(std::string const& line) {
  std::istringstream words(line);
  std::vector<std::string> all;
  for (std::string word; words >> word;) all.push_back(word);
  return all;
}

std::vector<std::string> first_placement(std::string const& recipe) {
  static std::regex const command(R"(ExecStartPre=[-+]*/usr/bin/certpivot ([^\n]+))");
  std::smatch found;
  REQUIRE(std::regex_search(recipe, found, command));
  return words_of(found[1]);
}

}  // namespace certpivot::testing
