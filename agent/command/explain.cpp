#include <algorithm>
#include <iostream>

#include <boost/json.hpp>

#include "command/exit_code.hpp"
#include "command/verbs.hpp"
#include "settings/complaint.hpp"
#include "trust/explanation.hpp"

namespace certpivot::command {

namespace {

std::string in_format(std::string const& word, std::string_view text, Format format) {
  if (format == Format::text) return word + ": " + std::string(text) + "\n";
  return boost::json::serialize(boost::json::object{{"code", word}, {"text", text}}) + "\n";
}

}  // namespace

int explain(std::vector<std::string> const& words, Format format) {
  auto const all = trust::codes();
  std::string answer;
  for (std::string const& word : words) {
    auto const found = std::find(all.begin(), all.end(), word);
    if (found == all.end()) {
      print_failure("there is no code '" + word + "'" +
                    settings::did_you_mean_or_all(word, {all.begin(), all.end()}));
      return usage;
    }
    auto const reason = static_cast<trust::Reason>(found - all.begin());
    answer += in_format(word, trust::explanation(reason), format);
  }
  std::cout << answer;
  return done;
}

}  // namespace certpivot::command
