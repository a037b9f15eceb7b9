#include "rollout/recover.hpp"

#include <algorithm>
#include <utility>

#include "crypto/certificate.hpp"
#include "crypto/pem.hpp"
#include "loop/on_worker.hpp"

namespace certpivot::rollout {

namespace {

Result<Standing> look(World const& world, Parts& parts) {
  Standing standing;
  auto known = world.journal.in_force(parts.settings.name);
  if (!known) return fail(known.error());
  standing.in_force = std::move(*known);
  if (!parts.target) {
    parts.in_source = paths_of(parts.settings.source);
    return standing;
  }

  if (auto const ready = parts.target->prepare(); !ready) return fail(ready.error());
  auto const current = parts.target->current();
  if (!current) return fail(current.error());
  auto const numbers = parts.target->generations();
  if (!numbers) return fail(numbers.error());
  if (std::find(numbers->begin(), numbers->end(), *current) == numbers->end()) {
    // Somebody emptied the directory, or pointed the link at nothing, or it lies on a tmpfs and the
    // machine was started anew.
    standing.in_force = {};
    auto lost = world.journal.last_bundle(parts.settings.name);
    if (!lost) return fail(lost.error());
    standing.lost_ca = std::move(*lost);
    return standing;
  }
  auto const content = parts.target->load(*current);
  if (!content) return fail(content.error());
  standing.bundle = bundle_of(content->view());
  // A rollout that a crash interrupted did not come to remember it.
  auto const noted = world.journal.remember_bundle(parts.settings.name, content->ca.value_or(""));
  if (!noted) world.log.error(parts.settings.name, noted.error().text());
  // What is there counts, not what the journal remembers of it: somebody may have changed it.
  std::string digest = digest_of(content->view());
  bool const remembered = standing.in_force.generation == *current;
  if (!standing.in_force.leaf || standing.in_force.digest != digest)
    standing.in_force.leaf = facts_of(content->certificate);
  standing.in_force.generation = *current;
  standing.in_force.digest = std::move(digest);
  if (remembered) return standing;
  // A journal that was lost may have held a debt; hooks that run once too often do no harm.
  auto const owes = world.journal.lasting() ? Result<bool>(true) : parts.target->owes();
  if (!owes) return fail(owes.error());
  standing.in_force.hooks_owed = *owes;
  return standing;
}

// What was in force before `interrupted` began, so that there is something to go back to.
journal::InForce before(Parts& parts, journal::Rollout const& interrupted,
                        journal::InForce const& in_force) {
  if (interrupted.previous == 0 || !parts.target) return {};
  auto const content = parts.target->load(interrupted.previous);
  if (!content) return {};
  journal::InForce previous = in_force;
  previous.generation = interrupted.previous;
  previous.digest = digest_of(content->view());
  previous.leaf = facts_of(content->certificate);
  return previous;
}

BundleInForce bundle_of_generation(World const& world, Parts& parts, publish::Number number) {
  if (!parts.target || number == 0) return {};
  auto const content = parts.target->load(number);
  if (content) return bundle_of(content->view());
  // Nothing can be compared with it then, and the next bundle takes its place whole.
  world.log.warning(parts.settings.name, content.error().text());
  return {};
}

// A crash may leave generations that never came into force: all those above the one that is.
Result<void> sweep(Parts& parts, publish::Number in_force) {
  if (!parts.target) return {};
  auto const numbers = parts.target->generations();
  if (!numbers) return fail(numbers.error());
  for (publish::Number const number : *numbers)
    if (number > in_force)
      if (auto gone = parts.target->discard(number); !gone) return gone;
  return {};
}

}  // namespace

std::optional<CertificateFacts> facts_of(std::string const& certificate_pem) {
  auto const blocks = crypto::certificate_blocks(certificate_pem);
  if (!blocks || blocks->empty()) return std::nullopt;
  auto const leaf = crypto::read_certificate(blocks->front());
  if (!leaf) return std::nullopt;
  return leaf->facts();
}

Task<Result<Standing>> take_stock(World world, Parts& parts) {
  co_return co_await on_worker(world.workers, [&] { return look(world, parts); });
}

Task<Report> settle_debt(World world, Parts& parts, journal::InForce in_force, bool with_ca) {
  journal::Rollout record;
  record.certificate = parts.settings.name;
  record.generation = record.previous = in_force.generation;
  record.digest = in_force.digest;
  record.leaf = in_force.leaf;
  Rollout rollout(world, parts, std::move(in_force), std::move(record));
  rollout.published(with_ca);
  co_return co_await rollout.run(Step::hook);
}

Task<Standing> recover(World world, Parts& parts, Standing standing) {
  auto interrupted = co_await on_worker(
      world.workers, [&] { return world.journal.unfinished(parts.settings.name); });
  if (!interrupted) {
    world.log.error(parts.settings.name, interrupted.error().text());
    co_return standing;
  }
  for (journal::Rollout& record : *interrupted) {
    Step const reached = step_named(record.step).value_or(Step::stage);
    bool const pivoted = !parts.target || standing.in_force.generation == record.generation;
    auto const from = resume(reached, pivoted);
    world.log.notice(parts.settings.name,
                     "generation " + std::to_string(record.generation) +
                         " was interrupted at its step " + record.step + ", " +
                         (from ? "going on at " + std::string(name(*from)) : "undoing it"));
    if (!from) {
      auto const undone = co_await on_worker(world.workers, [&]() -> Result<void> {
        if (parts.target)
          if (auto gone = parts.target->discard(record.generation); !gone) return gone;
        return world.journal.end(record.id, std::string(name(Ending::abandoned)), "interrupted",
                                 world.wall.now(), standing.in_force);
      });
      if (!undone) world.log.error(parts.settings.name, undone.error().text());
      continue;
    }
    auto previous =
        co_await on_worker(world.workers, [&] { return before(parts, record, standing.in_force); });
    Rollout rollout(world, parts, std::move(previous), std::move(record));
    rollout.published(!standing.bundle.digest.empty());
    if (!pivoted) rollout.restored_as(standing.in_force.generation);
    standing.in_force = (co_await rollout.run(*from)).in_force;
    standing.bundle = co_await on_worker(world.workers, [&] {
      return bundle_of_generation(world, parts, standing.in_force.generation);
    });
  }
  auto const swept =
      co_await on_worker(world.workers, [&] { return sweep(parts, standing.in_force.generation); });
  if (!swept) world.log.warning(parts.settings.name, swept.error().text());
  if (standing.in_force.hooks_owed)
    standing.in_force = (co_await settle_debt(world, parts, std::move(standing.in_force),
                                              !standing.bundle.digest.empty()))
                            .in_force;
  co_return standing;
}

}  // namespace certpivot::rollout
