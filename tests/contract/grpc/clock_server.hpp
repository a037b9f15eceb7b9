#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "support/program.hpp"

namespace certpivot::testing {

/// plugins/grpc/example/main.cpp.
[[nodiscard]] std::vector<std::string> example_program();

/// The program with tls.crt, tls.key and, with `clients`, ca.crt of `publish`.
struct ClockServerOptions {
  std::vector<std::string> program = example_program();
  std::filesystem::path publish = {};
  bool clients = false;                ///< must show a certificate
  std::vector<std::string> more = {};  ///< options of its own
};

/// A server of plugins/grpc/example/clock.proto: a program that prints the port that it serves at.
class ClockServer {
 public:
  /// Throws with the program's own words where it does not start.
  explicit ClockServer(ClockServerOptions const& options);
  ClockServer(ClockServer const&) = delete;
  ClockServer& operator=(ClockServer const&) = delete;
  ClockServer(ClockServer&&) = delete;
  ClockServer& operator=(ClockServer&&) = delete;
  ~ClockServer() = default;

  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
  [[nodiscard]] std::string output() const { return program_.output(); }
  /// SIGTERM; the exit code.
  int stop();

 private:
  Program program_;
  int port_ = 0;
};

}  // namespace certpivot::testing
