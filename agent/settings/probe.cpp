#include "settings/rules.hpp"
#include "settings/sections.hpp"

namespace certpivot::settings {

void read_probe(Table& table, Probe& probe) {
  if (!table.text("address", probe.address, address) && !table.has("address"))
    table.require("address");
  table.text("server_name", probe.server_name, server_name);
  table.choice("starttls", probe.starttls,
               {{"none", Starttls::none},
                {"postgres", Starttls::postgres},
                {"smtp", Starttls::smtp},
                {"imap", Starttls::imap},
                {"ldap", Starttls::ldap},
                {"mysql", Starttls::mysql}});
  table.flag("present", probe.present);
  table.duration("timeout", probe.timeout, std::chrono::milliseconds(1), one_day);
  table.count("handshakes", probe.handshakes, 1, 1000);
  table.duration("interval", probe.interval, no_time, one_month);
}

}  // namespace certpivot::settings
