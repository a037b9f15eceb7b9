#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"

struct sqlite3;
struct sqlite3_stmt;

/// The part of SQLite's C interface that the journal uses, with owners. Private to journal/.
namespace certpivot::journal {

/// A statement, compiled once and used many times by Query. Lives no longer than its Database.
class Statement {
 public:
  Statement() = default;
  Statement(sqlite3_stmt* statement, std::string path)
      : statement_(statement), path_(std::move(path)) {}
  [[nodiscard]] sqlite3_stmt* get() const { return statement_.get(); }
  /// Of the database file, for sentences.
  [[nodiscard]] std::string const& path() const { return path_; }

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  std::unique_ptr<sqlite3_stmt, Finalize> statement_ = {};
  std::string path_ = {};
};

/// One use of a statement: values in the order of its question marks, then rows, whose columns are
/// read in their order. The statement is ready for its next use when this goes.
class Query {
 public:
  explicit Query(Statement const& statement) : statement_(statement) {}
  Query(Query const&) = delete;
  Query& operator=(Query const&) = delete;
  Query(Query&&) = delete;
  Query& operator=(Query&&) = delete;
  ~Query();

  Query& operator<<(std::int64_t value);
  Query& operator<<(std::string_view value);
  Query& operator<<(std::nullptr_t);

  /// True when there is a row, false after the last one.
  [[nodiscard]] Result<bool> next();
  /// For statements without rows.
  [[nodiscard]] Result<void> run();

  [[nodiscard]] std::int64_t integer();
  [[nodiscard]] std::string text();
  /// Whether the column that is read next is NULL.
  [[nodiscard]] bool is_null() const;

 private:
  void bound(int code);

  Statement const& statement_;
  int parameter_ = 0;
  int column_ = 0;
  int bind_code_ = 0;
};

/// An open database. Its users take care that only one thread is in it.
class Database {
 public:
  /// `path` must exist already, so that its mode is the caller's choice; ":memory:" for none.
  [[nodiscard]] static Result<Database> open(std::string const& path);
  /// The same for one who only looks; a daemon may be writing meanwhile.
  [[nodiscard]] static Result<Database> open_to_read(std::string const& path);
  [[nodiscard]] Result<void> execute(char const* statements);
  /// What was committed outlives a power cut from here on. Of use under WAL and synchronous=NORMAL;
  /// in other journal modes each commit does it.
  [[nodiscard]] Result<void> flush();
  /// Whether the file was removed or replaced since it was opened.
  [[nodiscard]] bool moved() const;
  [[nodiscard]] Result<Statement> prepare(std::string_view statement);
  /// The first column of the first row.
  [[nodiscard]] Result<std::int64_t> number(std::string_view text);
  [[nodiscard]] Result<std::string> word(std::string_view text);
  /// Rows that the last statement changed.
  [[nodiscard]] std::int64_t changes() const;
  [[nodiscard]] std::int64_t last_row() const;

 private:
  struct Close {
    void operator()(sqlite3* handle) const;
  };
  [[nodiscard]] static Result<Database> open_as(std::string const& path, int flags);
  std::unique_ptr<sqlite3, Close> handle_ = {};
  std::string path_ = {};
};

/// True where an Error of these calls says that the file is no sound database.
[[nodiscard]] bool is_damage(Error const& error);
/// Such an Error, for damage that a check found.
[[nodiscard]] Error damage(std::string path, std::string why);

}  // namespace certpivot::journal
