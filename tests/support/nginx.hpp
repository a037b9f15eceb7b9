#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <sys/types.h>
#include <vector>

#include "support/port.hpp"
#include "support/program.hpp"
#include "support/temp_directory.hpp"

namespace certpivot::testing {

struct NginxOptions {
  std::filesystem::path publish = {};  ///< its current/tls.crt and current/tls.key are served
  bool client_certificates = false;    ///< required, below the ca.crt there
  std::string more = {};               ///< further directives of the server block
  std::string server = {};  ///< instead of all that, the whole block with "listen 443 ssl;"
  std::string http = {};    ///< directives of the block around it
};

/// A real nginx on a loopback port, in a directory of its own: two workers, nothing outside it.
class Nginx {
 public:
  /// Starts it and waits until it listens. Throws with nginx's own words where it does not start.
  explicit Nginx(NginxOptions options);
  Nginx(Nginx const&) = delete;
  Nginx& operator=(Nginx const&) = delete;
  Nginx(Nginx&&) = delete;
  Nginx& operator=(Nginx&&) = delete;
  /// Ends it with its workers, which would outlive a master that is killed.
  ~Nginx();

  void start();
  void stop();

  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] std::string config() const { return directory_ / "nginx.conf"; }
  [[nodiscard]] std::string pidfile() const { return directory_ / "nginx.pid"; }
  [[nodiscard]] std::string error_log() const;
  [[nodiscard]] ::pid_t master() const { return program_->pid(); }
  [[nodiscard]] std::vector<::pid_t> workers() const;

  /// Tables of the configuration that name this nginx.
  [[nodiscard]] std::string hook(std::string const& more = {}) const;
  [[nodiscard]] std::string probe(std::string const& more = {}) const;

 private:
  [[nodiscard]] std::string text() const;
  [[nodiscard]] std::string server_block() const;
  [[nodiscard]] std::string listening() const;

  NginxOptions options_;
  TempDirectory directory_ = {};
  int port_ = free_port();
  std::unique_ptr<Program> program_ = {};
};

}  // namespace certpivot::testing
