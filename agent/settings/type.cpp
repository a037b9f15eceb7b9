#include "settings/sections.hpp"

namespace certpivot::settings {

void complain_of_type(Table& table, std::string_view what, std::string const& type,
                      std::vector<std::string_view> const& names) {
  std::string sentence = "unknown " + std::string(what) + " type '" + escaped(type) + "'";
  auto const meant = did_you_mean(type, names);
  sentence += meant.empty() ? "." : meant;
  table.remark("type", sentence + " External plugins are not supported by this build");
  // The other keys belong to a plugin that nobody can ask.
  table.accept_rest();
}

}  // namespace certpivot::settings
