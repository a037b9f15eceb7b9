#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"

struct sd_bus;
struct sd_bus_message;

namespace certpivot::plugins {

/// Where the system bus listens: $DBUS_SYSTEM_BUS_ADDRESS, or its usual socket (the D-Bus
/// specification's chapter on well-known message bus instances).
[[nodiscard]] std::string system_bus_address();

struct DropMessage {
  void operator()(sd_bus_message* message) const;
};
using BusMessage = std::unique_ptr<sd_bus_message, DropMessage>;

/// A message's sender; empty where nobody has given it one.
[[nodiscard]] std::string sender_of(sd_bus_message* message);

/// A connection to a D-Bus by sd-bus (sd-bus(3)), for one conversation with systemd's manager. It
/// blocks, for a worker, but never longer than its deadline, whatever the bus does.
class Bus {
 public:
  /// Connected and through the bus's greeting. Errors: no bus there, no answer, time over.
  [[nodiscard]] static Result<Bus> open(std::string const& address, SteadyTime deadline);

  /// Calls a method of systemd's whose arguments are texts.
  struct Call {
    std::string path = {};
    std::string interface = {};
    std::string member = {};
    std::vector<std::string> arguments = {};
  };
  /// The reply. Errors: what systemd answers, in words; no answer in time.
  [[nodiscard]] Result<BusMessage> call(Call const& call);

  /// From now on `notice` gets each signal of the manager's with this name, while wait_until()
  /// waits.
  using Notice = std::function<void(sd_bus_message* signal)>;
  [[nodiscard]] Result<void> listen(std::string const& signal, Notice notice);
  /// Waits until `done`. Errors: the bus went away, time over (std::errc::timed_out).
  [[nodiscard]] Result<void> wait_until(std::function<bool()> const& done);

 private:
  struct Close {
    void operator()(sd_bus* bus) const;
  };
  Bus(std::unique_ptr<sd_bus, Close> bus, SteadyTime deadline)
      : bus_(std::move(bus)), deadline_(deadline) {}
  [[nodiscard]] Result<void> greet();
  /// Microseconds, at least one: zero would be sd-bus's own default.
  [[nodiscard]] std::uint64_t left() const;

  std::unique_ptr<sd_bus, Close> bus_;
  SteadyTime deadline_;
  std::unique_ptr<Notice> notice_ = {};
};

/// Systemd's manager, as the bus knows it (org.freedesktop.systemd1(5)).
inline constexpr auto systemd_path = "/org/freedesktop/systemd1";
inline constexpr auto manager_interface = "org.freedesktop.systemd1.Manager";

}  // namespace certpivot::plugins
