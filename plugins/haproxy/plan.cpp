#include "plugins/haproxy/plan.hpp"

#include <algorithm>

#include "base/words.hpp"
#include "crypto/certificate.hpp"
#include "plugins/haproxy/commands.hpp"
#include "plugins/published/published.hpp"

namespace certpivot::plugins {

namespace {

Result<std::vector<std::string>> select_names(Published const& published, std::string const& wanted,
                                              std::vector<std::string> const& certificates,
                                              std::string const& path) {
  std::vector<std::string> names;
  for (auto const& name : certificates)
    if ((wanted.empty() || name == wanted) && published.holds(name)) names.push_back(name);
  if (!names.empty()) return names;
  if (std::find(certificates.begin(), certificates.end(), wanted) != certificates.end())
    return fail("the certificate in haproxy", wanted, "it does not lead to " + path,
                "let the crt of its bind line name the published file");
  return fail("haproxy has not loaded", wanted.empty() ? path : wanted,
              "it has " + (certificates.empty() ? "no certificate" : joined(certificates)),
              "let the crt of its bind line name the published file");
}

Result<Secret> replacement_commands(Published const& published, std::string const& name) {
  if (!is_one_word(name))
    return fail("cannot say the name to haproxy", name, "it has blanks or special characters");
  auto const certificate = published.certificate();
  if (!certificate) return fail(certificate.error());
  auto const key = published.key();
  if (!key) return fail(key.error());
  auto commands = replacement(name, certificate->view(), key->view());
  if (commands.size() > largest_replacement)
    return fail("the pair is too large for haproxy's API", name,
                "it takes " + std::to_string(commands.size()) + " bytes, and tune.bufsize is " +
                    std::to_string(largest_replacement + 1));
  return commands;
}

Result<Plan::Bundle> bundle_of(Published const& published, std::string const& name) {
  auto const text = published.read(name);
  if (!text) return fail(text.error());
  Plan::Bundle bundle{name, {}};
  for (auto const& one : crypto::readable_certificates(text->view()))
    bundle.fingerprints.insert(one.sha1());
  return bundle;
}

}  // namespace

Result<std::vector<std::string>> names_to_replace(event::Paths const& paths,
                                                  std::string const& wanted,
                                                  std::vector<std::string> const& certificates) {
  auto const published = Published::open(paths);
  if (!published) return fail(published.error());
  return select_names(*published, wanted, certificates, paths.certificate);
}

Result<Plan> make_plan(event::Paths const& paths, std::string const& wanted,
                       Inventory const& inventory) {
  auto const published = Published::open(paths);
  if (!published) return fail(published.error());
  auto const names = select_names(*published, wanted, inventory.certificates, paths.certificate);
  if (!names) return fail(names.error());
  Plan plan;
  for (auto const& name : *names) {
    auto commands = replacement_commands(*published, name);
    if (!commands) return fail(commands.error());
    plan.replacements.push_back({name, std::move(*commands)});
  }
  for (auto const& name : inventory.ca_files) {
    if (!published->holds(name)) continue;
    auto bundle = bundle_of(*published, name);
    if (!bundle) return fail(bundle.error());
    plan.bundles.push_back(std::move(*bundle));
  }
  for (auto const& name : inventory.crl_files)
    if (published->holds(name)) return fail("a reload alone brings haproxy the CRL", name);
  auto const leaf = published->certificate();
  if (!leaf) return fail(leaf.error());
  auto const chain = crypto::readable_certificates(leaf->view());
  if (chain.empty()) return fail("there is no certificate in", paths.certificate);
  plan.leaf = chain.front().sha1();
  return plan;
}

}  // namespace certpivot::plugins
