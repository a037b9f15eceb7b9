#include "settings/rules.hpp"
#include "settings/sections.hpp"

namespace certpivot::settings {

namespace {

void read_revocation(Table& table, Trust& trust) {
  table.choice("revocation", trust.revocation, revocations);
  table.texts("crl_files", trust.crl_files, absolute_file);
  table.text("ocsp_url", trust.ocsp_url, http_url);
  table.choice("ocsp_mode", trust.ocsp_mode, ocsp_modes);
  table.duration("ocsp_timeout", trust.ocsp_timeout, ocsp_timeouts.least, ocsp_timeouts.most);
}

}  // namespace

void read_trust(Table& table, Trust& trust) {
  table.text("anchors", trust.anchors, anchors);
  table.choice("purpose", trust.purpose, purposes);
  table.texts("names", trust.names, alternative_name);
  table.threshold("min_remaining", trust.min_remaining);
  // "0s" asks for nothing, as the default does.
  if (trust.min_remaining.duration == no_time) trust.min_remaining = {};
  table.duration("max_lifetime", trust.max_lifetime, lifetimes.least, lifetimes.most);
  table.duration("skew", trust.skew, skews.least, skews.most);
  table.texts("relax", trust.relax, strict_check);
  table.count("min_rsa_bits", trust.min_rsa_bits, rsa_bits.least, rsa_bits.most);
  table.count("min_ec_bits", trust.min_ec_bits, ec_bits.least, ec_bits.most);
  table.flag("allow_older", trust.allow_older);
  table.choice("key_access", trust.key_access,
               {{"owner", KeyAccess::owner}, {"group", KeyAccess::group}, {"any", KeyAccess::any}});
  table.choice("ca_rotation", trust.ca_rotation,
               {{"overlap", CaRotation::overlap}, {"any", CaRotation::any}});
  read_revocation(table, trust);
}

}  // namespace certpivot::settings
