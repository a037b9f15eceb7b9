#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <variant>

#include "support/socket_server.hpp"
#include "support/temp_directory.hpp"

struct sd_bus_message;

namespace certpivot::testing {

/// A double of the system bus with systemd's manager on it, which speaks D-Bus by libsystemd, and
/// has one unit. It answers as it is told to.
struct FakeSystemdOptions {
  /// Of the unit, by their names: text, yes or no, a number.
  std::map<std::string, std::variant<std::string, bool, std::uint32_t>> properties = {
      {"LoadState", std::string("loaded")},
      {"ActiveState", std::string("active")},
      {"CanReload", true},
      {"MainPID", std::uint32_t{0}}};
  std::string result = "done";  ///< of each job; empty: it never ends
  bool early = false;           ///< the job's end is told before its number
  bool forged = false;          ///< somebody else tells that the job is done, before
  std::string refusal = {};     ///< not empty: the name of the error that each job is answered with
  std::string silent_at = {};   ///< the call that is never answered
};

class FakeSystemd {
 public:
  explicit FakeSystemd(FakeSystemdOptions options);

  [[nodiscard]] std::string address() const;
  /// Methods that were called with their first argument, a line each.
  [[nodiscard]] std::string calls() const;

 private:
  void serve(int connection);
  int reply_to(sd_bus_message* call);

  FakeSystemdOptions options_;
  TempDirectory directory_ = {};
  mutable std::mutex mutex_ = {};
  std::string calls_ = {};
  std::unique_ptr<SocketServer> server_ = {};
};

}  // namespace certpivot::testing
