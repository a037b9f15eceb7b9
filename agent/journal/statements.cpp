#include "journal/statements.hpp"

#include <string>
#include <utility>
#include <vector>

#include "journal/rows.hpp"

namespace certpivot::journal {

Result<Statements> prepare_statements(Database& database) {
  std::string const leaf = leaf_columns;
  std::string const rollout = rollout_columns + leaf;
  Statements all;
  std::vector<std::pair<Statement*, std::string>> const texts{
      {&all.begin, "BEGIN IMMEDIATE"},
      {&all.commit, "COMMIT"},
      {&all.roll_back, "ROLLBACK"},
      {&all.insert_rollout,
       "INSERT INTO rollouts(certificate, generation, previous, digest, step, outcome, reason, "
       "started, ended, " +
           leaf + ") VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"},
      {&all.set_step, "UPDATE rollouts SET step = ?, reason = ? WHERE id = ? AND outcome = ''"},
      {&all.set_outcome,
       "UPDATE rollouts SET outcome = ?, reason = ?, ended = ? WHERE id = ? AND outcome = ''"},
      {&all.certificate_of, "SELECT certificate FROM rollouts WHERE id = ?"},
      {&all.prune,
       "DELETE FROM rollouts WHERE certificate = ?1 AND outcome <> '' AND id <= (SELECT id FROM "
       "rollouts WHERE certificate = ?1 AND outcome <> '' ORDER BY id DESC LIMIT 1 OFFSET ?2)"},
      {&all.put_in_force,
       "INSERT INTO certificates(name, last_generation, generation, digest, hooks_owed, " + leaf +
           ") VALUES(?1,?2,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13) ON CONFLICT(name) DO UPDATE "
           "SET "
           "last_generation = max(last_generation, excluded.last_generation), "
           "generation = excluded.generation, digest = excluded.digest, "
           "hooks_owed = excluded.hooks_owed, subject = excluded.subject, "
           "issuer = excluded.issuer, serial = excluded.serial, "
           "fingerprint = excluded.fingerprint, names = excluded.names, "
           "key = excluded.key, security_bits = excluded.security_bits, "
           "not_before = excluded.not_before, not_after = excluded.not_after"},
      {&all.get_in_force,
       "SELECT generation, digest, hooks_owed, " + leaf + " FROM certificates WHERE name = ?"},
      {&all.put_bundle,
       "INSERT INTO bundles(certificate, ca) VALUES(?1,?2) ON CONFLICT(certificate) DO UPDATE SET "
       "ca = excluded.ca WHERE ca <> excluded.ca"},
      {&all.get_bundle, "SELECT ca FROM bundles WHERE certificate = ?"},
      {&all.get_last_generation,
       "SELECT max(number) FROM (SELECT generation AS number FROM rollouts WHERE certificate = ?1 "
       "UNION ALL SELECT last_generation FROM certificates WHERE name = ?1)"},
      {&all.unfinished,
       "SELECT " + rollout + " FROM rollouts WHERE certificate = ? AND outcome = '' ORDER BY id"},
      {&all.history,
       "SELECT " + rollout + " FROM rollouts WHERE certificate = ? ORDER BY id DESC LIMIT ?"},
  };
  for (auto const& [statement, text] : texts) {
    auto prepared = database.prepare(text);
    if (!prepared) return fail(std::move(prepared.error()));
    *statement = std::move(*prepared);
  }
  return all;
}

}  // namespace certpivot::journal
