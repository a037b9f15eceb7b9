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

struct HaproxyOptions {
  std::filesystem::path certificate = {};  ///< as the bind line names it; its key is tls.key beside
  std::filesystem::path ca = {};           ///< client certificates are required below it, or none
  std::string level = "admin";             ///< of the stats socket
  int security_level = 2;                  ///< of its OpenSSL: 3 refuses RSA keys of 2048 bits
};

/// A real haproxy, master and worker, on a loopback port and in a directory of its own.
class Haproxy {
 public:
  /// Starts it and waits until it listens. Throws with haproxy's own words where it does not start.
  explicit Haproxy(HaproxyOptions options);
  Haproxy(Haproxy const&) = delete;
  Haproxy& operator=(Haproxy const&) = delete;
  Haproxy(Haproxy&&) = delete;
  Haproxy& operator=(Haproxy&&) = delete;
  ~Haproxy();

  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] std::string config() const { return directory_ / "haproxy.cfg"; }
  [[nodiscard]] std::string socket() const { return directory_ / "admin.sock"; }
  [[nodiscard]] std::string master_socket() const { return directory_ / "master.sock"; }
  /// What haproxy answers on a socket, empty where nobody listens.
  static std::string ask(std::string const& socket, std::string const& commands);
  /// The reloads that its master has tried.
  [[nodiscard]] std::string processes() const { return ask(master_socket(), "show proc\n"); }
  /// The number of the worker in charge, empty while there is none.
  [[nodiscard]] std::string worker() const;

  /// Tables of the configuration that name this haproxy.
  [[nodiscard]] std::string hook(std::string const& more = {}) const;
  [[nodiscard]] std::string probe(std::string const& more = {}) const;

 private:
  HaproxyOptions options_;
  TempDirectory directory_ = {};
  int port_ = free_port();
  std::unique_ptr<Program> program_ = {};
};

}  // namespace certpivot::testing
