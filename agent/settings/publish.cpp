#include "settings/rules.hpp"
#include "settings/sections.hpp"

namespace certpivot::settings {

namespace {

void read_modes(Table& table, Publish& publish) {
  if (table.mode("certificate_mode", publish.certificate_mode))
    if (auto const wrong = wrong_certificate_mode(publish.certificate_mode); !wrong.empty())
      table.complain("certificate_mode", wrong);
  if (table.mode("key_mode", publish.key_mode))
    if (auto const wrong = wrong_key_mode(publish.key_mode); !wrong.empty())
      table.complain("key_mode", wrong);
}

void read_later_formats(Table& table) {
  if (Duration later{}; table.duration("ca_grace", later, no_time, one_year) && later != no_time)
    table.refuse("ca_grace");
  if (std::string later; table.text("combined", later) && !later.empty()) table.refuse("combined");
  bool const pkcs12 = table.within("pkcs12", [](Table& keystore) {
    std::string text;
    if (!keystore.text("file", text, file_name) && !keystore.has("file")) keystore.require("file");
    keystore.text("passphrase_file", text, absolute_file);
  });
  if (pkcs12) table.refuse("pkcs12");
}

}  // namespace

void read_publish(Table& table, Publish& publish) {
  if (!table.text("directory", publish.directory, absolute_directory) && !table.has("directory"))
    table.require("directory");
  if (std::string owner; table.text("owner", owner) && !owner.empty()) publish.owner = owner;
  if (std::string group; table.text("group", group) && !group.empty()) publish.group = group;
  read_modes(table, publish);
  table.count("keep", publish.keep, 2, 1000);
  read_later_formats(table);
}

}  // namespace certpivot::settings
