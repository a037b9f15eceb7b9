#include "journal/sqlite.hpp"

#include <cstdlib>
#include <sqlite3.h>

namespace certpivot::journal {

namespace {

constexpr int busy_milliseconds = 5'000;  ///< somebody may look at it with the sqlite3 shell

class Category final : public std::error_category {
 public:
  [[nodiscard]] char const* name() const noexcept override { return "sqlite"; }
  [[nodiscard]] std::string message(int code) const override { return ::sqlite3_errstr(code); }
};

Category const category;

std::string remedy_for(int code, std::string const& path) {
  switch (code) {
    case SQLITE_FULL:
      return "free space on the file system of " + path;
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
      return "let certpivot's user write to the directory of " + path;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return "start certpivot again, which sets the file aside";
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return "end the program that holds the database";
    default:
      return {};
  }
}

/// `handle` may be null; the code is taken where there is no better text.
tl::unexpected<Error> sqlite_failure(std::string what, std::string const& path, sqlite3* handle,
                                     int code) {
  int const primary = code & 0xFF;
  bool const texted = handle != nullptr && (::sqlite3_errcode(handle) & 0xFF) == primary;
  return fail(Error{std::move(what), path,
                    texted ? ::sqlite3_errmsg(handle) : ::sqlite3_errstr(primary),
                    remedy_for(primary, path), std::error_code(primary, category)});
}

}  // namespace

bool is_damage(Error const& error) {
  return error.code == std::error_code(SQLITE_CORRUPT, category) ||
         error.code == std::error_code(SQLITE_NOTADB, category);
}

Error damage(std::string path, std::string why) {
  std::string remedy = remedy_for(SQLITE_CORRUPT, path);
  return {"cannot use the journal", std::move(path), std::move(why), std::move(remedy),
          std::error_code(SQLITE_CORRUPT, category)};
}

void Statement::Finalize::operator()(sqlite3_stmt* statement) const {
  (void)::sqlite3_finalize(statement);  // repeats the last step's code, which next() has told
}

Query::~Query() {
  (void)::sqlite3_reset(statement_.get());  // as above
  (void)::sqlite3_clear_bindings(statement_.get());
}

void Query::bound(int code) {
  if (bind_code_ == SQLITE_OK) bind_code_ = code;
}

Query& Query::operator<<(std::int64_t value) {
  bound(::sqlite3_bind_int64(statement_.get(), ++parameter_, value));
  return *this;
}

Query& Query::operator<<(std::string_view value) {
  // An empty view may have no address, which SQLite would take for NULL.
  bound(::sqlite3_bind_text64(statement_.get(), ++parameter_, value.empty() ? "" : value.data(),
                              value.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
  return *this;
}

Query& Query::operator<<(std::nullptr_t) {
  bound(::sqlite3_bind_null(statement_.get(), ++parameter_));
  return *this;
}

Result<bool> Query::next() {
  column_ = 0;
  int const code = bind_code_ == SQLITE_OK ? ::sqlite3_step(statement_.get()) : bind_code_;
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return sqlite_failure("cannot use the journal", statement_.path(),
                        ::sqlite3_db_handle(statement_.get()), code);
}

Result<void> Query::run() {
  auto row = next();
  if (!row) return fail(std::move(row.error()));
  return {};
}

std::int64_t Query::integer() { return ::sqlite3_column_int64(statement_.get(), column_++); }

std::string Query::text() {
  int const column = column_++;
  auto const* const bytes =
      static_cast<char const*>(::sqlite3_column_blob(statement_.get(), column));
  auto const size = static_cast<std::size_t>(::sqlite3_column_bytes(statement_.get(), column));
  return bytes == nullptr ? std::string() : std::string(bytes, size);
}

bool Query::is_null() const {
  return ::sqlite3_column_type(statement_.get(), column_) == SQLITE_NULL;
}

void Database::Close::operator()(sqlite3* handle) const {
  // close_v2 waits for statements that are left, whatever the order of destruction.
  (void)::sqlite3_close_v2(handle);
}

Result<Database> Database::open(std::string const& path) {
  return open_as(path, SQLITE_OPEN_READWRITE);
}

Result<Database> Database::open_to_read(std::string const& path) {
  return open_as(path, SQLITE_OPEN_READONLY);
}

Result<Database> Database::open_as(std::string const& path, int flags) {
  sqlite3* handle = nullptr;
  int const code = ::sqlite3_open_v2(path.c_str(), &handle, flags | SQLITE_OPEN_NOMUTEX, nullptr);
  Database database;
  database.handle_.reset(handle);
  database.path_ = path;
  if (code != SQLITE_OK) return sqlite_failure("cannot open the journal", path, handle, code);
  (void)::sqlite3_busy_timeout(handle, busy_milliseconds);  // fails only without a handle
  return database;
}

Result<void> Database::execute(char const* statements) {
  int const code = ::sqlite3_exec(handle_.get(), statements, nullptr, nullptr, nullptr);
  if (code == SQLITE_OK) return {};
  return sqlite_failure("cannot use the journal", path_, handle_.get(), code);
}

// The pragma for synchronous would have to be compiled before each record that is to be flushed and
// after it, which costs more than the record.
Result<void> Database::flush() {
  sqlite3_file* log = nullptr;
  int code = ::sqlite3_file_control(handle_.get(), "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);
  if (code == SQLITE_OK && log != nullptr && log->pMethods != nullptr)
    code = log->pMethods->xSync(log, SQLITE_SYNC_NORMAL);
  if (code == SQLITE_OK) return {};
  return sqlite_failure("cannot flush the journal", path_, handle_.get(), code);
}

bool Database::moved() const {
  int moved = 0;
  int const code = ::sqlite3_file_control(handle_.get(), "main", SQLITE_FCNTL_HAS_MOVED, &moved);
  return code == SQLITE_OK && moved != 0;
}

Result<Statement> Database::prepare(std::string_view statement) {
  sqlite3_stmt* prepared = nullptr;
  int const code =
      ::sqlite3_prepare_v3(handle_.get(), statement.data(), static_cast<int>(statement.size()),
                           SQLITE_PREPARE_PERSISTENT, &prepared, nullptr);
  if (code == SQLITE_OK) return Statement(prepared, path_);
  return sqlite_failure("cannot use the journal", path_, handle_.get(), code);
}

Result<std::int64_t> Database::number(std::string_view text) {
  auto const answer = word(text);
  if (!answer) return fail(answer.error());
  return std::strtoll(answer->c_str(), nullptr, 10);
}

Result<std::string> Database::word(std::string_view text) {
  auto const statement = prepare(text);
  if (!statement) return fail(statement.error());
  Query query(*statement);
  auto const row = query.next();
  if (!row) return fail(row.error());
  return *row ? query.text() : std::string();
}

std::int64_t Database::changes() const { return ::sqlite3_changes64(handle_.get()); }

std::int64_t Database::last_row() const { return ::sqlite3_last_insert_rowid(handle_.get()); }

}  // namespace certpivot::journal
