#include "trust/bundle.hpp"

#include <doctest/doctest.h>

#include "unit/trust/sample.hpp"

using namespace certpivot;
using namespace certpivot::trust;
using testing::Authority;
using testing::from_now;
using Subjects = std::vector<std::string>;

namespace {

struct Roots {
  Authority a = Authority({.common_name = "A"});
  Authority b = Authority({.common_name = "B"});
  Authority c = Authority({.common_name = "C"});
};

Subjects subjects_in(std::string_view bundle) {
  Subjects subjects;
  for (auto const& anchor : crypto::readable_certificates(bundle))
    subjects.push_back(anchor.subject());
  return subjects;
}

auto const day = std::chrono::hours(24);

}  // namespace

TEST_CASE("a bundle that stays is published as it is") {
  Roots const roots;
  std::string const bundle = "# ours\r\n" + roots.a.pem() + roots.b.pem();
  WallTime const now = from_now({});
  auto const change = change_bundle(bundle, bundle, day, now);
  CHECK(change.text == bundle);
  CHECK(change.added.empty());
  CHECK(change.kept.empty());
  CHECK(change.dropped.empty());
  CHECK_FALSE(kept_until(bundle));
  CHECK(kept_subjects(bundle).empty());
}

TEST_CASE("an anchor that the source gives up is kept for the grace, and dropped after it") {
  Roots const roots;
  WallTime const now = from_now({});
  auto const first = change_bundle(roots.a.pem(), roots.b.pem(), day, now);
  CHECK(first.added == Subjects{"CN=B"});
  CHECK(first.kept == Subjects{"CN=A"});
  CHECK(first.dropped.empty());
  CHECK(subjects_in(first.text) == Subjects{"CN=B", "CN=A"});
  CHECK(own_part(first.text) == roots.b.pem());
  CHECK(kept_until(first.text) == now + day);

  // Looked at again with another grace in between, its end stays where it was.
  auto const before = change_bundle(first.text, roots.b.pem(), 2 * day, now + day - second);
  CHECK(before.text == first.text);
  CHECK(before.kept.empty());

  auto const after = change_bundle(first.text, roots.b.pem(), day, now + day);
  CHECK(after.text == roots.b.pem());
  CHECK(after.dropped == Subjects{"CN=A"});
}

TEST_CASE("each anchor has an end of its own, and the first one counts") {
  Roots const roots;
  WallTime const now = from_now({});
  auto const first = change_bundle(roots.a.pem(), roots.b.pem(), day, now);
  auto const second_change = change_bundle(first.text, roots.c.pem(), day, now + hour);
  CHECK(subjects_in(second_change.text) == Subjects{"CN=C", "CN=A", "CN=B"});
  CHECK(kept_until(second_change.text) == now + day);
  CHECK(kept_subjects(second_change.text) ==
        std::vector<KeptSubject>{{"CN=A", now + day}, {"CN=B", now + day + hour}});
  auto const third = change_bundle(second_change.text, roots.c.pem(), day, now + day);
  CHECK(subjects_in(third.text) == Subjects{"CN=C", "CN=B"});
  CHECK(kept_until(third.text) == now + day + hour);
}

TEST_CASE("none is kept for longer than the grace from now on") {
  Roots const roots;
  WallTime const now = from_now({});
  auto const first = change_bundle(roots.a.pem(), roots.b.pem(), day, now);
  auto const shorter = change_bundle(first.text, roots.b.pem(), hour, now);
  CHECK(kept_until(shorter.text) == now + hour);
  // The clock was a year ahead as A was given up.
  auto const ahead = change_bundle(roots.a.pem(), roots.b.pem(), day, now + 365 * day);
  CHECK(kept_until(change_bundle(ahead.text, roots.b.pem(), day, now).text) == now + day);
  CHECK(change_bundle(first.text, roots.b.pem(), {}, now).text == roots.b.pem());
}

TEST_CASE("without the times of its marks a bundle is the same whenever it was made") {
  Roots const roots;
  WallTime const now = testing::from_now({});
  auto const both = roots.a.pem() + roots.c.pem();
  auto const made = [&](std::string const& published, std::string const& next, Duration later) {
    return without_times(change_bundle(published, next, day, now + later).text);
  };
  CHECK(made(both, roots.b.pem(), {}) == made(both, roots.b.pem(), hour));
  CHECK(made(both, roots.b.pem(), {}) != made(roots.a.pem(), roots.b.pem(), {}));
  CHECK(made(roots.a.pem(), roots.b.pem(), {}) != roots.b.pem() + roots.a.pem());
  CHECK(without_times(both) == both);
  CHECK(without_times("") == "");
}

TEST_CASE("a renewed anchor of the same key is neither kept nor missed") {
  Roots const roots;
  Authority const above({.common_name = "Above"});
  auto const change =
      change_bundle(roots.a.pem(), above.cross_sign(roots.a).pem(), day, from_now({}));
  CHECK(change.kept.empty());
  CHECK(change.dropped.empty());
  CHECK_FALSE(kept_until(change.text));
}

TEST_CASE("an anchor that comes back is the source's again") {
  Roots const roots;
  WallTime const now = from_now({});
  auto const gone = change_bundle(roots.a.pem(), roots.b.pem(), day, now);
  auto const back = change_bundle(gone.text, roots.b.pem() + roots.a.pem(), day, now + hour);
  CHECK(back.text == roots.b.pem() + roots.a.pem());
  CHECK(back.added.empty());
}

TEST_CASE("without grace an anchor leaves at once") {
  Roots const roots;
  auto const change = change_bundle(roots.a.pem() + roots.b.pem(), roots.b.pem(), {}, from_now({}));
  CHECK(change.text == roots.b.pem());
  CHECK(change.dropped == Subjects{"CN=A"});
}

TEST_CASE("a bundle that vanishes leaves its anchors for the grace") {
  Roots const roots;
  WallTime const now = from_now({});
  auto const change = change_bundle(roots.a.pem(), "", day, now);
  CHECK(subjects_in(change.text) == Subjects{"CN=A"});
  CHECK(own_part(change.text).empty());
  CHECK(change_bundle(change.text, "", day, now + day).text.empty());
}

TEST_CASE("the source cannot have an anchor kept by a line that looks like ours") {
  Roots const roots;
  WallTime const now = from_now({});
  std::string const forged = roots.a.pem() +
                             "# certpivot: kept until 2099-01-01T00:00:00Z by publish.ca_grace\n" +
                             roots.b.pem();
  auto const taken = change_bundle(roots.a.pem(), forged, day, now);
  CHECK(taken.text == roots.a.pem() + roots.b.pem());
  CHECK_FALSE(kept_until(taken.text));
}

TEST_CASE("a mark whose time cannot be read is over") {
  Roots const roots;
  std::string const damaged =
      roots.a.pem() + "# certpivot: kept until tomorrow by publish.ca_grace\n" + roots.b.pem();
  auto const change = change_bundle(damaged, roots.a.pem(), day, from_now({}));
  CHECK(change.text == roots.a.pem());
  CHECK(change.dropped == Subjects{"CN=B"});
}

TEST_CASE("a bundle whose last line has no end keeps its blocks apart") {
  Roots const roots;
  std::string next = roots.b.pem();
  next.pop_back();
  WallTime const now = from_now({});
  auto const change = change_bundle(roots.a.pem(), next, day, now);
  CHECK(subjects_in(change.text) == Subjects{"CN=B", "CN=A"});
  // At the end of the grace nothing is new about it.
  CHECK(bundle_digest(own_part(change.text)) == bundle_digest(next));
  CHECK(change_bundle(change.text, own_part(change.text), day, now + day).text ==
        change_bundle(change.text, next, day, now + day).text);
  CHECK(bundle_digest(next) != bundle_digest(next + "\n\n"));
}

TEST_CASE("a bundle whose last line has no end is published with it") {
  Good const good;
  Sample sample = good.sample();
  sample.ca = good.root.pem();
  CHECK(judged(sample).ca_pem.empty());
  sample.ca->pop_back();
  CHECK(judged(sample).ca_pem == good.root.pem());
}

namespace {

/// The verdict on a snapshot whose bundle is `next`, while `in_force` stands under `bundle`.
Verdict after_change(testing::Pair const& pair, std::string const& next,
                     testing::Pair const& in_force, std::string const& bundle,
                     std::string const& anchors,
                     settings::CaRotation rotation = settings::CaRotation::overlap) {
  Sample sample{.certificate = pair.certificate_pem, .key = pair.key_pem, .anchors = anchors};
  if (!next.empty()) sample.ca = next;
  sample.rules.ca_rotation = rotation;
  sample.certificate_in_force = in_force.certificate_pem;
  sample.bundle_in_force = bundle;
  return judged(sample);
}

}  // namespace

TEST_CASE("a new bundle must share an anchor with the one in force, unless any will do") {
  Roots const roots;
  std::string const all = roots.a.pem() + roots.b.pem() + roots.c.pem();
  auto const a = roots.a.issue();
  auto const b = roots.b.issue();
  using Codes = std::vector<Reason>;
  auto const any = settings::CaRotation::any;
  Verdict const other = after_change(b, roots.b.pem(), a, roots.a.pem(), all);
  CHECK(reasons(other) == Codes{Reason::ca_without_overlap});
  CHECK(says(other, "/src/ca.crt: the CA bundle (CN=B) shares no anchor"));
  CHECK(reasons(after_change(b, roots.b.pem(), a, roots.a.pem(), all, any)) == Codes{});
  CHECK(reasons(after_change(b, roots.a.pem() + roots.b.pem(), a, roots.a.pem(), all)) == Codes{});
  CHECK(reasons(after_change(b, roots.b.pem(), a, roots.a.pem() + roots.b.pem(), all)) == Codes{});
  Verdict const gone = after_change(a, "", a, roots.a.pem(), all);
  CHECK(reasons(gone) == Codes{Reason::ca_without_overlap, Reason::ca_orphans_leaf});
  CHECK(says(gone,
             "/src/ca.crt: the CA bundle is gone, and with it all that is in force, CN=A: bring"));
  CHECK(gone.incomplete());
}

TEST_CASE("a bundle under which the pair would not verify is refused, if that in force does") {
  Roots const roots;
  std::string const both = roots.a.pem() + roots.b.pem();
  auto const a = roots.a.issue();
  auto const b = roots.b.issue();
  using Codes = std::vector<Reason>;
  // The bundle alone changes.
  CHECK(reasons(after_change(a, roots.b.pem(), a, both, both)) == Codes{Reason::ca_orphans_leaf});
  CHECK(reasons(after_change(a, roots.a.pem(), a, both, both)) == Codes{});
  // The pair goes with it.
  CHECK(reasons(after_change(b, roots.b.pem(), a, both, both)) == Codes{});
  CHECK(reasons(after_change(b, roots.a.pem(), a, both, both)) == Codes{Reason::ca_orphans_leaf});
  // The bundle is for peers of another CA: the pair never verified under it.
  std::string const foreign = roots.c.pem() + roots.b.pem();
  CHECK(reasons(after_change(a, roots.c.pem(), a, foreign, both)) == Codes{});
}

TEST_CASE("beside a refused pair, a bundle must do for the pair in force") {
  Roots const roots;
  std::string const both = roots.a.pem() + roots.b.pem();
  auto const a = roots.a.issue();
  auto const expired = roots.c.issue({.not_after = from_now(-second)});
  using Codes = std::vector<Reason>;
  Verdict const beside = after_change(expired, roots.a.pem(), a, both, both + roots.c.pem());
  CHECK(reasons(beside) == Codes{Reason::expired});
  CHECK(beside.bundle_usable);
  Verdict const orphaned = after_change(expired, roots.b.pem(), a, both, both + roots.c.pem());
  CHECK(reasons(orphaned) == Codes{Reason::expired, Reason::ca_orphans_leaf});
  CHECK(
      says(orphaned, "ca.crt: the pair in force would not verify under the new CA bundle (CN=B)"));
}

TEST_CASE("of a bundle that cannot be used nothing but that is said") {
  Roots const roots;
  auto const pair = roots.a.issue();
  for (std::string const& bad : {std::string("none"), roots.a.pem().substr(0, 50), std::string()}) {
    for (std::string const& anchors : {std::string(), roots.a.pem()}) {
      for (auto const revocation : {settings::Revocation::off, settings::Revocation::ocsp}) {
        Sample sample{.certificate = pair.certificate_pem,
                      .key = pair.key_pem,
                      .ca = bad,
                      .anchors = anchors};
        sample.rules.anchors = anchors.empty() ? "" : "/etc/anchors.pem";
        sample.rules.revocation = anchors.empty() ? revocation : settings::Revocation::off;
        sample.certificate_in_force = pair.certificate_pem;
        sample.bundle_in_force = roots.a.pem();
        CHECK(reasons(sample) == std::vector<Reason>{Reason::malformed_certificate});
      }
    }
  }
}

TEST_CASE("of a bundle's many anchors the first are named, each once") {
  std::vector<std::string> blocks;
  for (char const* const name : {"1", "2", "3", "4", "5", "6", "7", "7"})
    blocks.push_back(testing::Authority({.common_name = name}).pem());
  std::string many;
  for (std::string const& block : blocks) many += block;
  Roots const roots;
  auto const a = roots.a.issue();
  Verdict const verdict = after_change(a, many, a, roots.a.pem(), roots.a.pem());
  CHECK(says(verdict, "the CA bundle (CN=1, CN=2, CN=3, CN=4, CN=5 and 2 more) shares no anchor"));
  CHECK(says(verdict, "new CA bundle (CN=1, CN=2, CN=3, CN=4, CN=5 and 2 more), as the pair"));
}
