#include "plugins/grpc/status.hpp"

#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

#include "base/units.hpp"

namespace certpivot::grpc_plugin {

namespace {

constexpr std::array<std::string_view, 17> names{
    "OK",        "CANCELLED",      "UNKNOWN",           "INVALID_ARGUMENT",   "DEADLINE_EXCEEDED",
    "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION",
    "ABORTED",   "OUT_OF_RANGE",   "UNIMPLEMENTED",     "INTERNAL",           "UNAVAILABLE",
    "DATA_LOSS", "UNAUTHENTICATED"};

std::string name_of(::grpc::StatusCode code) {
  auto const number = static_cast<std::size_t>(code);
  return number < names.size() ? std::string(names.at(number)) : std::to_string(code);
}

std::string remedy(::grpc::StatusCode code, Settings const& settings, std::string const& service) {
  switch (code) {
    case ::grpc::StatusCode::UNAVAILABLE:
      return settings.tls ? "see that the process listens there, that 'anchors' and 'server_name' "
                            "fit its certificate, and that it accepts ours"
                          : "see that the process runs and listens there";
    case ::grpc::StatusCode::UNIMPLEMENTED:
      return "register " + service + " with the server that listens there (plugins/grpc/README.md)";
    case ::grpc::StatusCode::DEADLINE_EXCEEDED:
      return "see what the process is busy with, or raise 'deadline' (" +
             to_text(settings.deadline) + ") and the hook's 'timeout'";
    default:
      return {};
  }
}

}  // namespace

Error in_words(::grpc::Status const& status, Settings const& settings, std::string what,
               std::string const& service) {
  std::string why = name_of(status.error_code());
  if (!status.error_message().empty()) why += ": " + status.error_message();
  return {std::move(what), settings.address.text(), std::move(why),
          remedy(status.error_code(), settings, service)};
}

}  // namespace certpivot::grpc_plugin
