#include "plugins/systemd/unit.hpp"

#include <array>
#include <csignal>
#include <cstring>
#include <systemd/sd-bus.h>

namespace certpivot::plugins {

namespace {

constexpr auto unit_interface = "org.freedesktop.systemd1.Unit";
constexpr auto service_interface = "org.freedesktop.systemd1.Service";
/// Of the Exec… properties: path, arguments, whether a failure is ignored, when it started and
/// ended by two clocks, the process, and how it ended (as waitid(2) has it).
constexpr auto command_type = "sasbttttuii";

tl::unexpected<Error> not_understood(std::string const& name, int cause) {
  return fail_errno("cannot understand what systemd says of", name, {}, -cause);
}

/// "/usr/sbin/nginx exited with 1"; empty where the command did well, or has not run.
std::string how_it_failed(char const* path, int code, int status) {
  if (code == CLD_EXITED && status != 0)
    return std::string(path) + " exited with " + std::to_string(status);
  if (code != CLD_KILLED && code != CLD_DUMPED) return {};
  char const* const signal = ::sigabbrev_np(status);
  return std::string(path) + " was ended by signal " + std::to_string(status) +
         (signal == nullptr ? "" : std::string(" (") + signal + ")");
}

}  // namespace

Result<Unit> Unit::find(Bus& bus, std::string const& name) {
  auto const reply = bus.call({systemd_path, manager_interface, "LoadUnit", {name}});
  if (!reply) {
    Error error = reply.error();
    error.where = name;
    return fail(std::move(error));
  }
  char const* path = nullptr;
  if (int const done = sd_bus_message_read_basic(reply->get(), 'o', &path); done < 0)
    return not_understood(name, done);
  return Unit(bus, name, path);
}

Result<BusMessage> Unit::property(char const* interface, char const* name, char const* type) {
  auto reply = bus_->call({path_, "org.freedesktop.DBus.Properties", "Get", {interface, name}});
  if (!reply) {
    Error error = reply.error();
    error.where = name_;
    return fail(std::move(error));
  }
  if (int const done = sd_bus_message_enter_container(reply->get(), 'v', type); done < 0)
    return not_understood(name_, done);
  return reply;
}

Result<std::string> Unit::text(char const* interface, char const* name) {
  auto const value = property(interface, name, "s");
  if (!value) return fail(value.error());
  char const* read = nullptr;
  if (int const done = sd_bus_message_read_basic(value->get(), 's', &read); done < 0)
    return not_understood(name_, done);
  return std::string(read);
}

Result<std::string> Unit::active_state() { return text(unit_interface, "ActiveState"); }

Result<void> Unit::is_loaded() {
  auto const state = text(unit_interface, "LoadState");
  if (!state) return fail(state.error());
  if (*state == "loaded") return {};
  if (*state == "not-found")
    return fail("there is no unit", name_, "systemd finds no file for it", "correct unit");
  if (*state == "masked") return fail("the unit is masked", name_, {}, "systemctl unmask " + name_);
  return fail("systemd could not load", name_, "its state is " + *state,
              "systemctl status " + name_ + " says why");
}

Result<void> Unit::can_reload() {
  if (auto loaded = is_loaded(); !loaded) return loaded;
  auto const state = active_state();
  if (!state) return fail(state.error());
  if (*state != "active" && *state != "reloading")
    return fail("there is nothing to reload in", name_, "it is " + *state,
                "start it, or let the action be \"try-reload-or-restart\"");
  auto const able = property(unit_interface, "CanReload", "b");
  if (!able) return fail(able.error());
  int yes = 0;
  if (int const done = sd_bus_message_read_basic(able->get(), 'b', &yes); done < 0)
    return not_understood(name_, done);
  if (yes != 0) return {};
  return fail("cannot reload", name_,
              "it has no ExecReload=", "give it one, or let the action be \"restart\"");
}

Result<::pid_t> Unit::main_pid() {
  auto const value = property(service_interface, "MainPID", "u");
  if (!value) return fail(value.error());
  std::uint32_t pid = 0;
  if (int const done = sd_bus_message_read_basic(value->get(), 'u', &pid); done < 0)
    return not_understood(name_, done);
  return static_cast<::pid_t>(pid);
}

std::string Unit::cgroup() { return text(service_interface, "ControlGroup").value_or(""); }

std::string Unit::failed_command(char const* list) {
  auto const value = property(service_interface, list, "a(sasbttttuii)");
  std::string failed;
  if (!value || sd_bus_message_enter_container(value->get(), 'a', "(sasbttttuii)") < 0)
    return failed;
  while (sd_bus_message_enter_container(value->get(), 'r', command_type) > 0) {
    char const* path = nullptr;
    int code = 0;
    int status = 0;
    if (sd_bus_message_read_basic(value->get(), 's', &path) < 0 ||
        sd_bus_message_skip(value->get(), "asbttttu") < 0 ||
        sd_bus_message_read(value->get(), "ii", &code, &status) < 0 ||
        sd_bus_message_exit_container(value->get()) < 0)
      return failed;
    if (auto how = how_it_failed(path, code, status); !how.empty()) failed = std::move(how);
  }
  return failed;
}

std::string Unit::words() {
  std::string all;
  auto const add = [&all](std::string const& word) {
    if (!word.empty()) all += (all.empty() ? "" : ", ") + word;
  };
  // Results of a start and of a reload stand apart, and the one that went well says "success".
  for (auto const* const result : {"Result", "ReloadResult"})
    if (auto const value = text(service_interface, result); value && *value != "success")
      add("result " + *value);
  for (auto const* const list : {"ExecStartPre", "ExecStart", "ExecReload"})
    add(failed_command(list));
  if (auto const status = text(service_interface, "StatusText"); status && !status->empty())
    add("status \"" + *status + '"');
  return all;
}

}  // namespace certpivot::plugins
