#include "settings/rules.hpp"
#include "settings/sections.hpp"

namespace certpivot::settings {

namespace {

void read_log(Table& table, LogChoice& log) {
  table.choice("level", log.level,
               {{"debug", LogLevel::debug},
                {"info", LogLevel::info},
                {"notice", LogLevel::notice},
                {"warning", LogLevel::warning},
                {"error", LogLevel::error}});
  table.choice("format", log.format, {{"text", LogFormat::text}, {"json", LogFormat::json}});
}

std::string directory_or_none(std::string const& text) {
  return text.empty() ? "" : absolute_directory(text);
}

}  // namespace

void read_agent(Table& table, Agent& agent, std::vector<std::string>& include) {
  table.text("state", agent.state, absolute_directory);
  table.within("log", [&agent](Table& log) { read_log(log, agent.log); });
  table.texts("include", include, not_empty);
  table.text("plugins", agent.plugins, directory_or_none);
  for (std::string_view const key : {"socket", "listen"})
    if (std::string later; table.text(key, later) && !later.empty()) table.refuse(key);
}

void read_expiry(Table& table, Expiry& expiry) {
  table.thresholds("warning", expiry.warning);
  table.thresholds("critical", expiry.critical);
  if (is_out_of_order(expiry))
    table.complain("critical", "must not be reached before '" + table.full_name("warning") + "'");
  if (Threshold later; table.threshold("overdue", later)) table.refuse("overdue");
  if (Duration later{}; table.duration("repeat", later, no_time, one_year)) table.refuse("repeat");
}

}  // namespace certpivot::settings
