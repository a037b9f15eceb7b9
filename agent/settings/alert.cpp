#include <algorithm>
#include <array>

#include "settings/rules.hpp"
#include "settings/sections.hpp"

namespace certpivot::settings {

namespace {

constexpr std::array<std::string_view, 8> kinds{"expiring",   "expired",     "overdue",
                                                "refused",    "rolled_back", "failed",
                                                "not_served", "source_lost"};

std::string alert_kind(std::string const& text) {
  if (std::find(kinds.begin(), kinds.end(), text) != kinds.end()) return {};
  std::string wrong = "is no kind of alert: " + in_quotes(text);
  if (auto const near = nearest(text, {kinds.begin(), kinds.end()}); !near.empty())
    wrong += "; did you mean " + in_quotes(near) + "?";
  return wrong;
}

std::string web_address(std::string const& text) {
  bool const good = text.starts_with("http://") || text.starts_with("https://");
  return good ? "" : "must be a URL with http:// or https://, not " + in_quotes(text);
}

void read_channel(Table& table, std::string const& type) {
  if (type == "exec") {
    std::vector<std::string> command;
    if (!table.texts("command", command, not_empty) && !table.has("command"))
      table.require("command");
    return;
  }
  std::string url;
  if (!table.text("url", url, web_address) && !table.has("url")) table.require("url");
}

}  // namespace

void read_alert(Table& table) {
  std::string type;
  std::vector<std::string> on;
  table.texts("on", on, alert_kind);
  if (!table.text("type", type)) {
    if (!table.has("type")) table.require("type");
    table.accept_rest();
  } else if (type == "alertmanager" || type == "http" || type == "exec") {
    read_channel(table, type);
  } else {
    complain_of_type(table, "alert", type, {"alertmanager", "http", "exec"});
  }
  table.refuse();
}

}  // namespace certpivot::settings
