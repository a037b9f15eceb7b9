#include "settings/rules.hpp"
#include "settings/sections.hpp"

namespace certpivot::settings {

namespace {

void read_later_kinds(Table& table, Probe& probe) {
  table.choice("starttls", probe.starttls,
               {{"none", Starttls::none},
                {"postgres", Starttls::postgres},
                {"smtp", Starttls::smtp},
                {"imap", Starttls::imap},
                {"ldap", Starttls::ldap},
                {"mysql", Starttls::mysql}});
  if (probe.starttls != Starttls::none) table.refuse("starttls");
  if (table.duration("interval", probe.interval, no_time, one_month) && probe.interval != no_time)
    table.refuse("interval");
}

}  // namespace

void read_probe(Table& table, Probe& probe) {
  if (!table.text("address", probe.address, address) && !table.has("address"))
    table.require("address");
  if (is_unix_address(probe.address))
    table.complain("address", "as unix:path is not supported by this build; give host:port");
  table.text("server_name", probe.server_name, server_name);
  table.flag("present", probe.present);
  table.duration("timeout", probe.timeout, std::chrono::milliseconds(1), one_day);
  table.count("handshakes", probe.handshakes, 1, 1000);
  read_later_kinds(table, probe);
}

}  // namespace certpivot::settings
