#include "journal/schema.hpp"

namespace certpivot::journal {

namespace {

/// Above this size the whole file is not read at the start: pages are still judged as they are
/// used.
constexpr std::int64_t largest_checked = 64 << 20;

constexpr char const* tables = R"(
BEGIN IMMEDIATE;
CREATE TABLE rollouts(
  id INTEGER PRIMARY KEY, certificate TEXT NOT NULL,
  generation INTEGER NOT NULL, previous INTEGER NOT NULL, digest TEXT NOT NULL,
  step TEXT NOT NULL, outcome TEXT NOT NULL, reason TEXT NOT NULL,
  started INTEGER NOT NULL, ended INTEGER NOT NULL,
  subject TEXT, issuer TEXT, serial TEXT, fingerprint TEXT, names TEXT,
  key TEXT, security_bits INTEGER, not_before INTEGER, not_after INTEGER) STRICT;
CREATE INDEX rollouts_of_certificate ON rollouts(certificate, outcome, id);
CREATE TABLE certificates(
  name TEXT PRIMARY KEY, last_generation INTEGER NOT NULL DEFAULT 0,
  generation INTEGER NOT NULL DEFAULT 0, digest TEXT NOT NULL DEFAULT '',
  hooks_owed INTEGER NOT NULL DEFAULT 0,
  subject TEXT, issuer TEXT, serial TEXT, fingerprint TEXT, names TEXT,
  key TEXT, security_bits INTEGER, not_before INTEGER, not_after INTEGER) STRICT, WITHOUT ROWID;
CREATE TABLE bundles(certificate TEXT PRIMARY KEY, ca TEXT NOT NULL) STRICT;
PRAGMA user_version=3;
COMMIT;
)";

// From version 1, which did not keep a leaf's key: unknown, until the next one.
constexpr char const* to_version_2 = R"(
BEGIN IMMEDIATE;
ALTER TABLE rollouts ADD COLUMN key TEXT;
ALTER TABLE rollouts ADD COLUMN security_bits INTEGER;
ALTER TABLE certificates ADD COLUMN key TEXT;
ALTER TABLE certificates ADD COLUMN security_bits INTEGER;
PRAGMA user_version=2;
COMMIT;
)";

// From version 2, which left the published CA bundle to the publish directory alone.
constexpr char const* to_version_3 = R"(
BEGIN IMMEDIATE;
CREATE TABLE bundles(certificate TEXT PRIMARY KEY, ca TEXT NOT NULL) STRICT;
PRAGMA user_version=3;
COMMIT;
)";

Result<void> check_soundness(Database& database, std::string const& path) {
  auto const pages = database.number("PRAGMA page_count");
  if (!pages) return fail(pages.error());
  auto const page_size = database.number("PRAGMA page_size");
  if (!page_size) return fail(page_size.error());
  if (*pages * *page_size > largest_checked) return {};
  auto const verdict = database.word("PRAGMA quick_check(1)");
  if (!verdict) return fail(verdict.error());
  if (*verdict == "ok") return {};
  return fail(damage(path, *verdict));
}

Result<void> make_tables(Database& database, std::string const& path) {
  auto const tables_there = database.number("SELECT count(*) FROM sqlite_master");
  if (!tables_there) return fail(tables_there.error());
  if (*tables_there != 0)
    return fail("cannot use the journal", path, "it is the database of another program",
                "move it away, or name another directory as agent.state");
  return database.execute(tables);
}

/// Under WAL and NORMAL a commit is left to the next Database::flush(). Where WAL does not work (a
/// network file system), SQLite keeps its rollback journal, which is as safe with FULL.
Result<void> set_durability(Database& database) {
  auto const mode = database.word("PRAGMA journal_mode=WAL");
  if (!mode) return fail(mode.error());
  return database.execute(*mode == "wal" ? "PRAGMA synchronous=NORMAL" : "PRAGMA synchronous=FULL");
}

}  // namespace

Result<std::int64_t> schema_of(Database& database, std::string const& path) {
  auto version = database.number("PRAGMA user_version");
  if (!version || *version <= schema_version) return version;
  return fail("cannot use the journal", path,
              "a newer certpivot made it (schema " + std::to_string(*version) + ", this one has " +
                  std::to_string(schema_version) + ")",
              "install the newer one again, or move the file away");
}

Result<Database> open_with_schema(std::string const& path) {
  auto database = Database::open(path);
  if (!database) return database;
  auto const version = schema_of(*database, path);
  if (!version) return fail(version.error());
  auto set = set_durability(*database);
  if (!set) return fail(std::move(set.error()));
  auto ready = *version == 0 ? make_tables(*database, path) : check_soundness(*database, path);
  if (ready && *version == 1) ready = database->execute(to_version_2);
  if (ready && (*version == 1 || *version == 2)) ready = database->execute(to_version_3);
  if (!ready) return fail(std::move(ready.error()));
  return database;
}

}  // namespace certpivot::journal
