#pragma once

#include <filesystem>
#include <memory>
#include <signal.h>
#include <string>
#include <sys/types.h>

#include "support/port.hpp"
#include "support/program.hpp"
#include "support/temp_directory.hpp"

namespace certpivot::testing {

struct PostgresOptions {
  std::filesystem::path certificate = {};  ///< ssl_cert_file
  std::filesystem::path key = {};          ///< ssl_key_file
  std::filesystem::path ca = {};           ///< ssl_ca_file; empty for none
  bool client_certificates = false;        ///< required, below `ca` (method cert of pg_hba.conf)
  std::string more = {};                   ///< further lines of postgresql.conf
};

/// What a client brings to a connection over TLS; an empty path for what it does not bring.
struct PostgresClient {
  std::filesystem::path anchors = {};  ///< sslrootcert; given: sslmode=verify-ca
  std::filesystem::path certificate = {};
  std::filesystem::path key = {};  ///< mode 0600
};

/// A real PostgreSQL on a loopback port, with its data and its Unix socket in a directory of its
/// own. It refuses to run as root: tests that do let it run as account(), and the files given must
/// be readable for that user. PostgreSQL takes a key of its own with mode 0600, or one of root
/// with 0640.
class Postgres {
 public:
  /// Starts it and waits until it takes connections. The directories above the files given are made
  /// passable for everybody (o+x). Throws with PostgreSQL's own words where it does not start.
  explicit Postgres(PostgresOptions options);
  Postgres(Postgres const&) = delete;
  Postgres& operator=(Postgres const&) = delete;
  Postgres(Postgres&&) = delete;
  Postgres& operator=(Postgres&&) = delete;
  ~Postgres();

  /// The user, and the group, that it runs as: "postgres", or ours where that is not root.
  [[nodiscard]] static std::string account();

  /// SIGHUP: it reads its certificate, key and CA anew.
  void reload() const { program_->send(SIGHUP); }

  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] ::pid_t postmaster() const { return program_->pid(); }
  [[nodiscard]] std::string pidfile() const { return directory_ / "data/postmaster.pid"; }
  [[nodiscard]] std::string socket_directory() const { return directory_.string(); }
  [[nodiscard]] std::string log() const { return program_->output(); }

  /// One new connection by psql, over TLS, and the answer to one query. Callable from any thread.
  [[nodiscard]] Outcome query(PostgresClient const& client = {},
                              std::string const& sql = "select 1") const;

 private:
  void make_data() const;
  [[nodiscard]] std::string text() const;

  PostgresOptions options_;
  TempDirectory directory_ = {};
  int port_ = free_port();
  std::unique_ptr<Program> program_ = {};
};

}  // namespace certpivot::testing
