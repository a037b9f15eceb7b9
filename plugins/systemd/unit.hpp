#pragma once

#include <string>
#include <sys/types.h>

#include "plugins/systemd/bus.hpp"

namespace certpivot::plugins {

/// A unit as systemd's manager knows it (org.freedesktop.systemd1(5)). It uses the bus, which must
/// outlive it.
class Unit {
 public:
  /// `name` with its suffix: "nginx.service". A unit whose file is nowhere is one, too:
  /// load_state() tells.
  [[nodiscard]] static Result<Unit> find(Bus& bus, std::string const& name);

  /// An error where it cannot be asked to do anything: it is not there, masked, or its file is bad.
  [[nodiscard]] Result<void> is_loaded();
  /// The same, where it is not active, or has nothing to reload by.
  [[nodiscard]] Result<void> can_reload();
  /// 0 for none.
  [[nodiscard]] Result<::pid_t> main_pid();
  /// Where its processes are; empty where it has none, or does not say.
  [[nodiscard]] std::string cgroup();
  /// "active", "failed", …
  [[nodiscard]] Result<std::string> active_state();
  /// What it says itself about a job that failed: its result, which of its commands failed and how,
  /// its status text. Empty where it says nothing.
  [[nodiscard]] std::string words();

  [[nodiscard]] std::string const& name() const { return name_; }

 private:
  Unit(Bus& bus, std::string name, std::string path)
      : bus_(&bus), name_(std::move(name)), path_(std::move(path)) {}

  /// The property's value, as the bus has it; the message is entered down to it.
  [[nodiscard]] Result<BusMessage> property(char const* interface, char const* name,
                                            char const* type);
  [[nodiscard]] Result<std::string> text(char const* interface, char const* name);
  [[nodiscard]] std::string failed_command(char const* list);

  Bus* bus_;
  std::string name_;
  std::string path_;
};

}  // namespace certpivot::plugins
