#include <algorithm>
#include <iostream>

#include <boost/json.hpp>

#include "command/exit_code.hpp"
#include "command/verbs.hpp"
#include "settings/complaint.hpp"
#include "trust/explanation.hpp"

namespace certpivot::command {

int explain(std::string const& word, Format format) {
  auto const all = trust::codes();
  auto const found = std::find(all.begin(), all.end(), word);
  if (found == all.end()) {
    print_failure("there is no code '" + word + "'" +
                  settings::did_you_mean(word, {all.begin(), all.end()}));
    return usage;
  }
  auto const text = trust::explanation(static_cast<trust::Reason>(found - all.begin()));
  if (format == Format::json)
    std::cout << boost::json::serialize(boost::json::object{{"code", word}, {"text", text}})
              << "\n";
  else
    std::cout << word << ": " << text << "\n";
  return done;
}

}  // namespace certpivot::command
