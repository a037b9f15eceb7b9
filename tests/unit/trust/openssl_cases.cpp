#include "unit/trust/openssl_cases.hpp"

#include <tuple>

namespace certpivot::trust {
namespace {

using settings::Purpose;
using testing::Authority;
using testing::AuthorityOptions;
using testing::Extension;
using testing::from_now;
using testing::LeafOptions;
using testing::Pair;

using Cases = std::vector<OpensslCase>;

OpensslCase below(Authority const& anchor, Pair const& pair, std::string const& name) {
  return {.name = name,
          .leaf = pair.leaf_pem,
          .chain = pair.certificate_pem.substr(pair.leaf_pem.size()),
          .key = pair.key_pem,
          .anchors = anchor.pem()};
}

void add_plain_shapes(Cases& cases) {
  Authority const root({.common_name = "Root"});
  Authority const upper = root.intermediate({.common_name = "Upper"});
  Authority const lower = upper.intermediate({.common_name = "Lower"});
  Authority const stranger({.common_name = "Stranger"});
  Pair const pair = lower.issue();
  std::tuple<std::string, std::string, std::string> const ways[] = {
      {"whole", lower.pem() + upper.pem(), root.pem()},
      {"turned", upper.pem() + lower.pem(), root.pem()},
      {"repeated", lower.pem() + upper.pem() + lower.pem() + upper.pem(), root.pem()},
      {"with the root", lower.pem() + upper.pem() + root.pem(), root.pem()},
      {"with a stranger", stranger.pem() + lower.pem() + upper.pem(), root.pem()},
      {"without the upper", lower.pem(), root.pem()},
      {"without the lower", upper.pem(), root.pem()},
      {"without any", "", root.pem()},
      {"upper is the anchor", lower.pem(), upper.pem()},
      {"lower is the anchor", "", lower.pem()},
      {"leaf is the anchor", "", pair.leaf_pem},
      {"all are anchors", lower.pem(), root.pem() + upper.pem() + lower.pem()},
      {"one of two anchors", lower.pem() + upper.pem(), stranger.pem() + root.pem()},
      {"another root", lower.pem() + upper.pem() + root.pem(), stranger.pem()},
      {"root of that name", lower.pem() + upper.pem(), Authority({.common_name = "Root"}).pem()}};
  for (auto const& [name, chain, anchors] : ways) {
    cases.push_back({.name = "shape: " + name,
                     .leaf = pair.leaf_pem,
                     .chain = chain,
                     .key = pair.key_pem,
                     .anchors = anchors});
  }
  Pair const alone = testing::self_signed();
  cases.push_back({.name = "shape: self-signed anchor",
                   .leaf = alone.leaf_pem,
                   .key = alone.key_pem,
                   .anchors = alone.leaf_pem});
  cases.push_back({.name = "shape: self-signed stranger",
                   .leaf = alone.leaf_pem,
                   .key = alone.key_pem,
                   .anchors = root.pem()});
}

void add_crossed_shapes(Cases& cases) {
  Authority const old_root({.common_name = "Old"});
  Authority const new_root({.common_name = "New"});
  Authority const issuer = new_root.intermediate({.common_name = "Issuer"});
  std::string const good = issuer.pem();
  std::string const crossed = old_root.cross_sign(issuer).pem();
  std::string const expired = old_root.cross_sign(issuer, {.not_after = from_now(-hour)}).pem();
  std::string const weak = old_root.cross_sign(issuer, {.digest = "SHA1"}).pem();
  std::string const over_root = old_root.cross_sign(new_root).pem();
  std::string const lapsed_root =
      old_root.cross_sign(new_root, {.not_after = from_now(-hour)}).pem();
  std::string const olds = old_root.pem();
  std::string const news = new_root.pem();
  Pair const pair = issuer.issue();
  std::tuple<std::string, std::string, std::string> const ways[] = {
      {"its first way", good + crossed, news},
      {"its second way, past the first", good + crossed, olds},
      {"its first way of the old root", crossed + good, olds},
      {"its second way of the new root, past the first", crossed + good, news},
      {"both roots", good + crossed, olds + news},
      {"an expired twin behind", good + expired, olds + news},
      {"an expired twin before", expired + good, olds + news},
      {"an expired twin alone", expired, olds + news},
      {"a weak twin behind", good + weak, olds + news},
      {"a weak twin before, past it", weak + good, olds + news},
      {"over the root", good + over_root, olds},
      {"over the root, which is trusted", good + over_root, news},
      {"over a lapsed root, past it", good + over_root, lapsed_root + olds},
      {"a lapsed root alone", good, lapsed_root}};
  for (auto const& [name, chain, anchors] : ways) {
    cases.push_back({.name = "crossed: " + name,
                     .leaf = pair.leaf_pem,
                     .chain = chain,
                     .key = pair.key_pem,
                     .anchors = anchors});
  }
}

// All of a validity's edges, one second before, at, and after.
void add_edges(Cases& cases, OpensslCase one, std::string const& of, WallTime from,
               WallTime until) {
  std::string const seconds[] = {"a second before", "at", "a second after"};
  for (int i = 0; i < 3; ++i) {
    for (auto const& [edge, moment] :
         {std::pair("notBefore", from), std::pair("notAfter", until)}) {
      one.now = moment + (i - 1) * second;
      one.name = "time: " + seconds[i] + " the " + edge + " of " + of;
      cases.push_back(one);
    }
  }
}

struct NamedUsage {
  std::string name;
  std::string value;
};

}  // namespace

Cases shapes() {
  Cases cases;
  add_plain_shapes(cases);
  add_crossed_shapes(cases);
  return cases;
}

Cases strengths() {
  Cases cases;
  struct {
    std::string name;
    testing::KeyKind kind;
  } const kinds[] = {{"P-224", testing::p224},
                     {"P-256", testing::p256},
                     {"P-384", testing::p384},
                     {"P-521", testing::p521},
                     {"secp256k1", testing::secp256k1},
                     {"Ed25519", testing::ed25519},
                     {"Ed448", testing::ed448},
                     {"RSA 1024", testing::rsa(1024)},
                     {"RSA 2040", testing::rsa(2040)},
                     {"RSA 2048", testing::rsa(2048)},
                     {"RSA-PSS 2048", testing::rsa_pss(2048)}};
  Authority const root({.common_name = "Root"});
  for (auto const& one : kinds) {
    std::string const key = testing::self_signed({.key = one.kind}).key_pem;
    Authority const anchor({.common_name = "Anchor", .key = one.kind});
    Authority const above = root.intermediate({.common_name = "Above", .key = one.kind});
    cases.push_back(below(root, root.issue({.key_pem = key}), "strength: leaf " + one.name));
    cases.push_back(below(root, above.issue(), "strength: intermediate " + one.name));
    cases.push_back(below(anchor, anchor.issue(), "strength: anchor " + one.name));
    if (one.name.starts_with("Ed")) continue;
    for (std::string const digest : {"SHA1", "SHA224", "SHA384", "SHA512"}) {
      cases.push_back(below(anchor, anchor.issue({.digest = digest}),
                            "digest: leaf " + digest + " by " + one.name));
    }
  }
  Authority const old_root({.common_name = "Root", .digest = "SHA1"});
  Authority const old_above = root.intermediate({.common_name = "Above", .digest = "SHA1"});
  cases.push_back(below(old_root, old_root.issue(), "digest: anchor SHA1"));
  cases.push_back(below(root, old_above.issue(), "digest: intermediate SHA1"));
  Pair const alone = testing::self_signed({.digest = "SHA1"});
  cases.push_back({.name = "digest: self-signed anchor SHA1",
                   .leaf = alone.leaf_pem,
                   .key = alone.key_pem,
                   .anchors = alone.leaf_pem});
  return cases;
}

Cases times() {
  Cases cases;
  WallTime const from = from_now(-hour);
  WallTime const until = from_now(hour);
  Authority const wide({.common_name = "Wide"});
  Authority const narrow({.common_name = "Narrow", .not_before = from, .not_after = until});
  Authority const above =
      wide.intermediate({.common_name = "Above", .not_before = from, .not_after = until});
  LeafOptions const lasting{.not_before = from - hour, .not_after = until + hour};
  Pair const leaf = wide.issue({.not_before = from, .not_after = until});
  Pair const own = testing::self_signed({.not_before = from, .not_after = until});
  add_edges(cases, below(wide, leaf, ""), "the leaf", from, until);
  add_edges(cases, below(wide, above.issue(lasting), ""), "an intermediate", from, until);
  add_edges(cases, below(narrow, narrow.issue(lasting), ""), "the anchor", from, until);
  add_edges(cases, {.leaf = own.leaf_pem, .key = own.key_pem, .anchors = own.leaf_pem},
            "a leaf that is the anchor", from, until);
  return cases;
}

Cases constraints() {
  Cases cases;
  for (int const limit : {0, 1, 2}) {
    Authority const root({.common_name = "Root", .path_length = limit});
    Authority issuer = root;
    for (int depth = 0; depth < 4; ++depth) {
      cases.push_back(below(root, issuer.issue(),
                            "constraints: " + std::to_string(depth) + " below a path length of " +
                                std::to_string(limit)));
      issuer = issuer.intermediate({.common_name = "Below " + std::to_string(depth)});
    }
  }
  Authority const root({.common_name = "Root"});
  std::pair<std::string, std::vector<std::string>> const names[] = {
      {"permitted;DNS:example.org", {"example.org"}},
      {"permitted;DNS:example.org", {"a.b.example.org"}},
      {"permitted;DNS:example.org", {"*.example.org"}},
      {"permitted;DNS:example.org", {"badexample.org"}},
      {"permitted;DNS:example.org", {"a.example.org", "example.com"}},
      {"permitted;DNS:example.org", {"10.0.0.7"}},
      {"permitted;DNS:.example.org", {"example.org"}},
      {"permitted;DNS:.example.org", {"a.example.org"}},
      {"excluded;DNS:example.org", {"example.com"}},
      {"excluded;DNS:example.org", {"a.example.org"}},
      {"permitted;IP:10.0.0.0/255.255.255.0", {"10.0.0.255"}},
      {"permitted;IP:10.0.0.0/255.255.255.0", {"10.0.1.0"}},
      {"excluded;IP:10.0.0.0/255.255.255.0", {"10.0.1.0"}},
      {"excluded;IP:10.0.0.0/255.255.255.0", {"10.0.0.1"}},
      {"permitted;URI:example.org", {"spiffe://example.org/web"}},
      {"permitted;URI:example.org", {"spiffe://example.com/web"}},
      {"permitted;email:example.org", {"ops@example.org"}},
      {"permitted;email:example.org", {"ops@example.com"}}};
  for (auto const& [constraint, held] : names) {
    Authority const narrow = root.intermediate(
        {.common_name = "Narrow", .extensions = {{"nameConstraints", "critical," + constraint}}});
    cases.push_back(below(root, narrow.issue({.common_name = "leaf", .names = held}),
                          "constraints: " + constraint + " for " + held.back() + " of " +
                              std::to_string(held.size())));
  }
  for (std::string const critical : {"critical,", ""}) {
    Extension const unknown{"1.2.3.4", critical + "DER:0500"};
    std::string const kind = critical.empty() ? "a harmless" : "a critical";
    Authority const odd = root.intermediate({.common_name = "Odd", .extensions = {unknown}});
    Authority const anchor({.common_name = "Odd", .extensions = {unknown}});
    cases.push_back(below(root, root.issue({.extensions = {unknown}}),
                          "constraints: " + kind + " extension in the leaf"));
    cases.push_back(
        below(root, odd.issue(), "constraints: " + kind + " extension in an intermediate"));
    cases.push_back(
        below(anchor, anchor.issue(), "constraints: " + kind + " extension in the anchor"));
  }
  return cases;
}

Cases strict_forms() {
  Cases cases;
  Authority const root({.common_name = "Root"});
  std::pair<std::string, LeafOptions> const leaves[] = {
      {"no key identifiers", {.key_identifiers = false}},
      {"keyCertSign", {.key_usage = "digitalSignature,keyCertSign"}},
      {"keyCertSign and no basicConstraints",
       {.basic_constraints = "", .key_usage = "digitalSignature,keyCertSign"}},
      {"no basicConstraints", {.basic_constraints = ""}},
      {"a path length", {.basic_constraints = "critical,CA:FALSE,pathlen:1"}},
      {"an empty subjectAltName", {.names = {}, .extensions = {{"2.5.29.17", "DER:3000"}}}},
      {"no subject", {.common_name = ""}},
      {"no subject and no names", {.common_name = "", .names = {}}},
      {"no names", {.names = {}}},
      {"version 1", {.version = 1}},
      {"version 2", {.version = 2}},
      {"critical key identifier",
       {.key_identifiers = false, .extensions = {{"subjectKeyIdentifier", "critical,hash"}}}}};
  for (auto const& [name, options] : leaves) {
    cases.push_back(below(root, root.issue(options), "strict: leaf with " + name));
  }
  std::pair<std::string, AuthorityOptions> const authorities[] = {
      {"no keyUsage", {.key_usage = ""}},
      {"a keyUsage of cRLSign only", {.key_usage = "critical,cRLSign"}},
      {"a path length and no keyUsage", {.path_length = 3, .key_usage = ""}},
      {"harmless basicConstraints", {.basic_constraints = "CA:TRUE"}},
      {"harmless keyUsage", {.key_usage = "keyCertSign,cRLSign"}},
      {"version 1", {.version = 1}},
      {"version 2", {.version = 2}},
      {"CA:FALSE", {.basic_constraints = "critical,CA:FALSE"}}};
  for (auto [name, options] : authorities) {
    options.common_name = "Odd";
    Authority const anchor(options);
    LeafOptions const leaf{.key_identifiers = options.version > 1};
    cases.push_back(
        below(root, root.intermediate(options).issue(leaf), "strict: intermediate with " + name));
    cases.push_back(below(anchor, anchor.issue(leaf), "strict: anchor with " + name));
  }
  return cases;
}

Cases purposes() {
  Cases cases;
  NamedUsage const usages[] = {{"no keyUsage", ""},
                               {"digitalSignature", "digitalSignature"},
                               {"keyEncipherment", "keyEncipherment"},
                               {"keyAgreement", "keyAgreement"},
                               {"dataEncipherment", "dataEncipherment"},
                               {"both usages", "digitalSignature,keyEncipherment"}};
  NamedUsage const extended[] = {{"no EKU", ""},
                                 {"serverAuth", "serverAuth"},
                                 {"clientAuth", "clientAuth"},
                                 {"both EKUs", "serverAuth,clientAuth"},
                                 {"codeSigning", "codeSigning"},
                                 {"anyExtendedKeyUsage", "anyExtendedKeyUsage"}};
  NamedUsage const above[] = {
      {"no EKU", ""}, {"serverAuth", "serverAuth"}, {"clientAuth", "clientAuth"}};
  auto const as_extension = [](NamedUsage const& usage) {
    return usage.value.empty() ? std::vector<Extension>{}
                               : std::vector<Extension>{{"extendedKeyUsage", usage.value}};
  };
  Authority const root({.common_name = "Root"});
  for (NamedUsage const& limit : above) {
    Authority const issuer =
        root.intermediate({.common_name = "Issuer", .extensions = as_extension(limit)});
    for (NamedUsage const& usage : usages) {
      for (NamedUsage const& own : extended) {
        Pair const pair = issuer.issue({.purpose = testing::Purpose::none,
                                        .key_usage = usage.value,
                                        .extensions = as_extension(own)});
        for (Purpose const asked : {Purpose::server, Purpose::client}) {
          OpensslCase one =
              below(root, pair,
                    "purpose: " + usage.name + ", " + own.name + ", CA " + limit.name + " as " +
                        (asked == Purpose::server ? "server" : "client"));
          one.purpose = asked;
          cases.push_back(one);
        }
      }
    }
  }
  return cases;
}

Cases alternative_names() {
  Cases cases;
  Authority const root({.common_name = "Root"});
  std::pair<std::string, std::vector<std::string>> const all[] = {
      {"web.example.org",
       {"web.example.org", "WEB.Example.ORG", "other.example.org", "example.org", "eb.example.org",
        "web.example.org.", ".example.org", "xn--bcher-kva.example.org"}},
      {"*.example.org",
       {"web.example.org", "WEB.example.org", "a.b.example.org", "example.org", "*.example.org",
        "xn--bcher-kva.example.org"}},
      {"w*.example.org", {"web.example.org", "w.example.org", "xweb.example.org"}},
      {"*b.example.org", {"web.example.org"}},
      {"web.*.org", {"web.example.org"}},
      {"*.org", {"example.org"}},
      {"*", {"localhost", "web.example.org"}},
      {"localhost", {"localhost"}},
      {"10.0.0.7", {"10.0.0.7", "10.0.0.8", "::ffff:10.0.0.7"}},
      {"2001:db8::7", {"2001:db8::7", "2001:DB8:0:0:0:0:0:7", "2001:db8::8"}},
      {"::ffff:10.0.0.7", {"10.0.0.7", "::ffff:a00:7"}},
      {"ops@web.example.org", {"web.example.org"}},
      {"spiffe://web.example.org/a", {"web.example.org"}}};
  for (auto const& [held, asked] : all) {
    Pair const pair = root.issue({.common_name = "leaf", .names = {held}});
    for (std::string const& name : asked) {
      OpensslCase one = below(root, pair, "name: " + name + " of " + held);
      one.asked_name = name;
      cases.push_back(one);
    }
  }
  for (std::vector<std::string> const& names :
       {std::vector<std::string>{}, std::vector<std::string>{"other.example.org"},
        std::vector<std::string>{"10.0.0.7"}}) {
    Pair const pair = root.issue({.common_name = "web.example.org", .names = names});
    OpensslCase one = below(
        root, pair, "name: common name beside " + (names.empty() ? "nothing" : names.front()));
    one.asked_name = "web.example.org";
    cases.push_back(one);
  }
  return cases;
}

}  // namespace certpivot::trust
