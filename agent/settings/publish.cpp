#include <map>
#include <utility>

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

void read_pkcs12(Table& keystore, Pkcs12& pkcs12) {
  if (!keystore.text("file", pkcs12.file, published_name) && !keystore.has("file"))
    keystore.require("file");
  keystore.text("passphrase_file", pkcs12.passphrase_file, absolute_file);
  keystore.text("alias", pkcs12.alias, not_empty);
  keystore.flag("legacy", pkcs12.legacy);
}

/// The further files, each with a name of its own.
void read_formats(Table& table, Publish& publish) {
  std::map<std::string, std::string_view> taken;
  auto const take = [&](std::string_view key, std::string const& name) {
    if (name.empty()) return;
    if (auto const [other, is_new] = taken.emplace(name, key); !is_new)
      table.complain(key, "is the name of '" + table.full_name(other->second) + "' too, " +
                              in_quotes(name) + "; give each file one of its own");
  };
  for (auto const& [key, name] :
       {std::pair("combined", &publish.combined), std::pair("fullchain", &publish.fullchain),
        std::pair("chain", &publish.chain), std::pair("certificate_der", &publish.certificate_der),
        std::pair("key_der", &publish.key_der)}) {
    table.text(key, *name, optional_published_name);
    take(key, *name);
  }
  table.within("pkcs12", [&](Table& keystore) { read_pkcs12(keystore, publish.pkcs12.emplace()); });
  if (publish.pkcs12) take("pkcs12", publish.pkcs12->file);
}

}  // namespace

void read_publish(Table& table, Publish& publish) {
  if (!table.text("directory", publish.directory, absolute_directory) && !table.has("directory"))
    table.require("directory");
  if (std::string owner; table.text("owner", owner) && !owner.empty()) publish.owner = owner;
  if (std::string group; table.text("group", group) && !group.empty()) publish.group = group;
  read_modes(table, publish);
  table.count("keep", publish.keep, 2, 1000);
  table.duration("ca_grace", publish.ca_grace, no_time, one_year);
  read_formats(table, publish);
}

}  // namespace certpivot::settings
