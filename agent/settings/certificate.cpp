#include "settings/places.hpp"
#include "settings/rules.hpp"
#include "settings/sections.hpp"

namespace certpivot::settings {

namespace {

/// CRLs lie outside of the source, and are watched like what is in it.
void check_crls(Table& table, Certificate& certificate) {
  Trust const& trust = certificate.trust;
  if (trust.revocation != Revocation::crl) return;
  certificate.source.also_watched = trust.crl_files;
  if (trust.crl_files.empty() && certificate.source.crl.empty())
    table.complain("revocation", "needs a CRL; name its file in 'crl_files' or in source.crl");
}

}  // namespace

Placed read_certificate(Table& table, Expiry const& inherited) {
  Placed placed;
  Certificate& certificate = placed.certificate;
  certificate.expiry = inherited;
  if (!table.text("name", certificate.name, certificate_name) && !table.has("name"))
    table.require("name");
  placed.name = table.place("name");

  table.within("source", [&](Table& source) { read_source(source, certificate.source); });
  if (!table.has("source")) table.require("source");
  table.within("trust", [&](Table& trust) {
    read_trust(trust, certificate.trust);
    check_crls(trust, certificate);
  });
  table.within("publish", [&](Table& publish) {
    read_publish(publish, certificate.publish.emplace());
    placed.publish = publish.place("directory");
    std::string const& directory = certificate.publish->directory;
    if (!is_absolute(directory)) return;
    if (auto const wrong = publish_conflict(directory, certificate.source); !wrong.empty())
      publish.complain("directory", wrong);
  });
  table.each("hook", [&](Table& hook) {
    read_hook(hook, certificate.hooks.emplace_back());
    placed.hooks.push_back({hook.place("type"), hook.place("group")});
  });
  table.each("probe", [&](Table& probe) { read_probe(probe, certificate.probes.emplace_back()); });
  table.within("expiry", [&](Table& expiry) { read_expiry(expiry, certificate.expiry); });
  return placed;
}

}  // namespace certpivot::settings
