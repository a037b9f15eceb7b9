#include "settings/rules.hpp"
#include "settings/sections.hpp"

namespace certpivot::settings {

namespace {

enum class Revocation { off, crl, ocsp };
enum class Rotation { any, overlap };

void read_later_revocation(Table& table) {
  Revocation revocation = Revocation::off;
  table.choice("revocation", revocation,
               {{"off", Revocation::off}, {"crl", Revocation::crl}, {"ocsp", Revocation::ocsp}});
  if (revocation != Revocation::off) table.refuse("revocation");
  if (std::vector<std::string> files;
      table.texts("crl_files", files, absolute_file) && !files.empty())
    table.refuse("crl_files");
  Rotation rotation = Rotation::any;
  table.choice("ca_rotation", rotation, {{"any", Rotation::any}, {"overlap", Rotation::overlap}});
  if (rotation != Rotation::any) table.refuse("ca_rotation");
}

}  // namespace

void read_trust(Table& table, Trust& trust) {
  table.text("anchors", trust.anchors, anchors);
  table.choice("purpose", trust.purpose,
               {{"server", Purpose::server},
                {"client", Purpose::client},
                {"both", Purpose::both},
                {"any", Purpose::any}});
  table.texts("names", trust.names, not_empty);
  table.threshold("min_remaining", trust.min_remaining);
  // "0s" asks for nothing, as the default does.
  if (trust.min_remaining.duration == no_time) trust.min_remaining = {};
  table.count("min_rsa_bits", trust.min_rsa_bits, 512, 16384);
  table.count("min_ec_bits", trust.min_ec_bits, 112, 571);
  table.flag("allow_older", trust.allow_older);
  table.choice("key_access", trust.key_access,
               {{"owner", KeyAccess::owner}, {"group", KeyAccess::group}, {"any", KeyAccess::any}});
  read_later_revocation(table);
}

}  // namespace certpivot::settings
