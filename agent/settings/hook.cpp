#include <algorithm>
#include <array>

#include "settings/rules.hpp"
#include "settings/sections.hpp"

namespace certpivot::settings {

namespace {

std::string signal(std::string const& text) {
  if (signal_name(text)) return {};
  return R"(must be a signal such as "HUP" or "SIGUSR1" or its number, not )" + in_quotes(text);
}

std::string optional_name(std::string const& text) {
  return text.empty() ? std::string() : certificate_name(text);
}

std::string optional_file(std::string const& text) {
  return text.empty() ? std::string() : absolute_path(text);
}

void read_signal(Table& table, Hook& hook) {
  Hook::Signal& own = hook.signal;
  if (!table.text("signal", own.signal, signal) && !table.has("signal")) table.require("signal");
  if (auto name = signal_name(own.signal)) own.signal = std::move(*name);
  bool const by_pidfile = table.text("pidfile", own.pidfile, pid_file) || table.has("pidfile");
  bool const by_unit = table.text("unit", own.unit, unit_name) || table.has("unit");
  bool const by_process = table.text("process", own.process, not_empty) || table.has("process");
  auto const given = {by_pidfile, by_unit, by_process};
  auto const ways = std::count(given.begin(), given.end(), true);
  if (ways == 0) table.require("pidfile");
  if (ways > 1)
    table.complain("signal", "goes to one process: give one of pidfile, unit and process");
}

void read_exec(Table& table, Hook& hook) {
  auto& command = hook.exec.command;
  if (!table.has("command")) return table.require("command");
  if (!table.texts("command", command, not_empty)) return;
  if (command.empty()) return table.complain("command", "must name a program");
  if (auto const wrong = absolute_file(command.front()); !wrong.empty())
    table.complain("command", "must begin with a program, which " + wrong);
}

void read_nginx(Table& table, Hook& hook) {
  table.text("config", hook.nginx.config, absolute_file);
  table.text("pidfile", hook.nginx.pidfile, absolute_file);
  table.text("binary", hook.nginx.binary, absolute_file);
}

void read_haproxy(Table& table, Hook& hook) {
  Hook::Haproxy& own = hook.haproxy;
  table.text("certificate", own.certificate, not_empty);
  table.text("socket", own.socket, absolute_path);
  table.text("master_socket", own.master_socket, absolute_path);
  table.text("config", own.config, absolute_path);
  table.text("binary", own.binary, absolute_file);
  if (!table.has("socket") && !table.has("master_socket")) table.require("master_socket");
}

void read_systemd(Table& table, Hook& hook) {
  using Action = Hook::Systemd::Action;
  if (!table.text("unit", hook.systemd.unit, unit_name) && !table.has("unit"))
    table.require("unit");
  table.choice("action", hook.systemd.action,
               {{"reload", Action::reload},
                {"try-reload-or-restart", Action::try_reload_or_restart},
                {"restart", Action::restart}});
}

void read_nothing(Table& /*table*/, Hook& /*hook*/) {}

struct Type {
  std::string_view name;
  bool supported;
  void (*read)(Table&, Hook&);
  std::array<std::string_view, 8> keys;  ///< for the hint on a key that stands under another type
};
constexpr std::array<Type, 7> types{
    {{"signal", true, read_signal, {"signal", "pidfile", "unit", "process"}},
     {"exec", true, read_exec, {"command"}},
     {"nginx", true, read_nginx, {"config", "pidfile", "binary"}},
     {"haproxy",
      true,
      read_haproxy,
      {"socket", "master_socket", "config", "binary", "certificate"}},
     {"systemd", true, read_systemd, {"unit", "action"}},
     {"http",
      true,
      read_http_hook,
      {"url", "method", "headers", "body", "expect", "anchors", "present", "hmac_file"}},
     {"child", false, read_nothing, {}}}};

bool has_key(Type const& type, std::string_view key) {
  return std::find(type.keys.begin(), type.keys.end(), key) != type.keys.end();
}

/// Keys of the other types, which this type's reader did not ask for.
void reject_foreign(Table& table, Type const& own) {
  std::vector<std::string_view> foreign;
  for (Type const& type : types)
    for (std::string_view const key : type.keys)
      if (!key.empty() && !has_key(own, key) && table.has(key) &&
          std::find(foreign.begin(), foreign.end(), key) == foreign.end())
        foreign.push_back(key);
  for (std::string_view const key : foreign) {
    std::string owners;
    for (Type const& type : types)
      if (has_key(type, key))
        owners += (owners.empty() ? "'" : ", '") + std::string(type.name) + "'";
    table.reject(key, "unknown key '" + std::string(key) + "' for hook type '" +
                          std::string(own.name) + "'; it belongs to " + owners);
  }
}

/// The keys that every type has.
void read_common(Table& table, Hook& hook) {
  table.duration("timeout", hook.timeout, std::chrono::milliseconds(1), one_day);
  table.count("retries", hook.retries, 0, 100);
  table.choice("on_failure", hook.on_failure,
               {{"rollback", OnFailure::rollback}, {"continue", OnFailure::proceed}});
  table.text("group", hook.group, optional_name);
  table.duration("min_interval", hook.min_interval, no_time, one_month);
  table.duration("splay", hook.splay, no_time, one_month);
  table.text("lock", hook.lock, optional_file);
}

}  // namespace

void read_hook(Table& table, Hook& hook) {
  read_common(table, hook);
  if (!table.text("type", hook.type)) {
    if (!table.has("type")) table.require("type");
    return table.accept_rest();
  }
  auto const* const type = std::find_if(types.begin(), types.end(), [&hook](Type const& candidate) {
    return candidate.name == hook.type;
  });
  if (type == types.end()) {
    // Of an external plugin, then: what its own keys are is its own affair.
    hook.external.config = table.rest_as_json();
    return;
  }
  type->read(table, hook);
  reject_foreign(table, *type);
  if (!type->supported)
    table.remark("type", "hook type '" + hook.type + "' is not supported by this build");
}

std::vector<std::string_view> built_in_hooks() {
  std::vector<std::string_view> names;
  names.reserve(types.size());
  for (Type const& type : types) names.push_back(type.name);
  return names;
}

}  // namespace certpivot::settings
