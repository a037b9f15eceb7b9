#include "plugins/grpc/settings.hpp"

#include <arpa/inet.h>
#include <array>
#include <string_view>

#include "base/units.hpp"

namespace certpivot::grpc_plugin {

namespace {

namespace json = boost::json;

struct Key {
  std::string_view name;
  std::string_view type;
  bool required;
};
constexpr std::array<Key, 7> keys{{{"address", "string", true},
                                   {"reload", "boolean", false},
                                   {"health", "string", false},
                                   {"tls", "boolean", false},
                                   {"anchors", "string", false},
                                   {"server_name", "string", false},
                                   {"deadline", "string", false}}};

std::optional<std::string> text(json::object const& config, std::string_view key) {
  auto const* const value = config.if_contains({key.data(), key.size()});
  auto const* const string = value == nullptr ? nullptr : value->if_string();
  if (string == nullptr) return std::nullopt;
  return std::string(string->data(), string->size());
}

bool flag(json::object const& config, std::string_view key, bool otherwise) {
  auto const* const value = config.if_contains({key.data(), key.size()});
  auto const* const given = value == nullptr ? nullptr : value->if_bool();
  return given == nullptr ? otherwise : *given;
}

/// Whether what goes to this address stays on this host.
bool stays_here(crypto::Address const& address) {
  if (!address.path.empty() || address.host == "localhost" || address.host == "::1") return true;
  ::in_addr v4{};
  return ::inet_pton(AF_INET, address.host.c_str(), &v4) == 1 && (::ntohl(v4.s_addr) >> 24U) == 127;
}

}  // namespace

Result<Settings> read_settings(json::object const& config) {
  Settings own;
  auto const given = text(config, "address").value_or("");
  auto const address = crypto::parse_address(given);
  if (!address)
    return fail("'address' is no address", given, {},
                "write host:port, [IPv6 address]:port or unix:/path");
  own.address = *address;
  own.reload = flag(config, "reload", own.reload);
  own.health = text(config, "health");
  own.tls = flag(config, "tls", own.tls);
  own.anchors = text(config, "anchors").value_or("");
  own.server_name = text(config, "server_name").value_or("");
  if (auto const deadline = text(config, "deadline")) {
    auto const duration = parse_duration(*deadline);
    if (!duration || *duration <= Duration::zero())
      return fail("'deadline' is no duration", *deadline, {}, R"(write one such as "8s")");
    own.deadline = *duration;
  }
  if (!own.reload && !own.health)
    return fail("there is nothing to call", given, "'reload' is false and 'health' is not given",
                "a process that watches its files itself needs no hook, only a probe");
  if (!own.tls && !stays_here(own.address))
    return fail("will not speak in plain text to another host", given, {},
                "set 'tls', or use a loopback address or a Unix socket");
  return own;
}

json::object describe_settings() {
  json::object described;
  for (Key const& key : keys)
    described[json::string_view(key.name.data(), key.name.size())] = {
        {"type", json::string_view(key.type.data(), key.type.size())}, {"required", key.required}};
  return described;
}

}  // namespace certpivot::grpc_plugin
