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

void read_signal(Table& table, Hook& hook) {
  if (!table.text("signal", hook.signal, signal) && !table.has("signal")) table.require("signal");
  if (auto name = signal_name(hook.signal)) hook.signal = std::move(*name);
  bool elsewhere = false;
  for (std::string_view const key : {"unit", "process"}) {
    if (std::string later; table.text(key, later, not_empty)) {
      table.refuse(key);
      elsewhere = true;
    }
  }
  if (!table.text("pidfile", hook.pidfile, pid_file) && !table.has("pidfile") && !elsewhere)
    table.require("pidfile");
}

void read_exec(Table& table, Hook& hook) {
  if (!table.has("command")) return table.require("command");
  if (!table.texts("command", hook.command, not_empty)) return;
  if (hook.command.empty()) return table.complain("command", "must name a program");
  if (auto const wrong = absolute_file(hook.command.front()); !wrong.empty())
    table.complain("command", "must begin with a program, which " + wrong);
}

void read_nginx(Table& table, Hook& hook) {
  table.text("config", hook.config, absolute_file);
  table.text("pidfile", hook.pidfile, absolute_file);
  table.text("binary", hook.binary, absolute_file);
}

void read_haproxy(Table& table, Hook& /*hook*/) {
  std::string later;
  table.text("certificate", later, not_empty);
  for (std::string_view const key : {"socket", "master_socket", "config", "binary"})
    table.text(key, later, absolute_file);
}

void read_systemd(Table& table, Hook& /*hook*/) {
  std::string unit;
  if (!table.text("unit", unit, not_empty) && !table.has("unit")) table.require("unit");
  int action = 0;
  table.choice("action", action, {{"reload", 0}, {"try-reload-or-restart", 1}, {"restart", 2}});
}

void read_http(Table& table, Hook& /*hook*/) {
  std::string later;
  if (!table.text("url", later, not_empty) && !table.has("url")) table.require("url");
  table.text("method", later, not_empty);
  table.text("body", later);
  table.text("anchors", later, anchors);
  bool present = false;
  table.flag("present", present);
  table.text("hmac_file", later, absolute_file);
  for (std::string_view const key : {"headers", "expect"}) table.anything(key);
}

void read_nothing(Table& /*table*/, Hook& /*hook*/) {}

struct Type {
  std::string_view name;
  bool supported;
  void (*read)(Table&, Hook&);
  std::array<std::string_view, 8> keys;  ///< for the hint on a key that stands under another type
};
constexpr std::array<Type, 8> types{
    {{"signal", true, read_signal, {"signal", "pidfile", "unit", "process"}},
     {"exec", true, read_exec, {"command"}},
     {"nginx", true, read_nginx, {"config", "pidfile", "binary"}},
     {"haproxy",
      false,
      read_haproxy,
      {"socket", "master_socket", "config", "binary", "certificate"}},
     {"systemd", false, read_systemd, {"unit", "action"}},
     {"http",
      false,
      read_http,
      {"url", "method", "headers", "body", "expect", "anchors", "present", "hmac_file"}},
     {"child", false, read_nothing, {}},
     {"grpc", false, read_nothing, {}}}};

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
  if (std::string later; table.text("group", later) && !later.empty()) table.refuse("group");
  for (std::string_view const key : {"min_interval", "splay"})
    if (Duration later{}; table.duration(key, later, no_time, one_month) && later != no_time)
      table.refuse(key);
  if (std::string later; table.text("lock", later) && !later.empty()) table.refuse("lock");
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
    std::vector<std::string_view> names;
    names.reserve(types.size());
    for (Type const& known : types) names.push_back(known.name);
    return complain_of_type(table, "hook", hook.type, names);
  }
  type->read(table, hook);
  reject_foreign(table, *type);
  if (!type->supported)
    table.remark("type", "hook type '" + hook.type + "' is not supported by this build");
}

}  // namespace certpivot::settings
