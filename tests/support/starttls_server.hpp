#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "support/port.hpp"
#include "support/program.hpp"
#include "support/temp_directory.hpp"

namespace certpivot::testing {

/// A real server of a protocol that turns to TLS when it is asked: "ldap" is OpenLDAP, "mysql"
/// MariaDB, "imap" and "smtp" are Dovecot, the latter its submission service. On a loopback port,
/// with everything that it writes in a directory of its own. For PostgreSQL there is Postgres.
class StarttlsServer {
 public:
  /// Starts it and waits until it listens. Throws with its own words where it does not start.
  StarttlsServer(std::string const& protocol, std::filesystem::path const& certificate,
                 std::filesystem::path const& key);
  StarttlsServer(StarttlsServer const&) = delete;
  StarttlsServer& operator=(StarttlsServer const&) = delete;
  StarttlsServer(StarttlsServer&&) = delete;
  StarttlsServer& operator=(StarttlsServer&&) = delete;
  ~StarttlsServer();

  [[nodiscard]] std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
  /// Of Dovecot, which reads its pair anew on SIGHUP.
  [[nodiscard]] std::string pidfile() const { return directory_ / "run/master.pid"; }

 private:
  TempDirectory directory_ = {};
  int port_ = free_port();
  std::unique_ptr<Program> program_ = {};
};

}  // namespace certpivot::testing
