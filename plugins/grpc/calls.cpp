#include "plugins/grpc/calls.hpp"

#include <chrono>
#include <thread>

#include "certpivot/v1/certificate_reload.grpc.pb.h"
#include "grpc/health/v1/health.grpc.pb.h"
#include "plugins/grpc/status.hpp"

namespace certpivot::grpc_plugin {

namespace {

namespace health = ::grpc::health::v1;
using ::grpc::StatusCode;

constexpr auto health_service = "grpc.health.v1.Health";
constexpr auto reload_service = "certpivot.v1.CertificateReload";
// Between two questions; far below what a person would call slow, and nothing to the process.
constexpr std::chrono::milliseconds pause{50};

struct Health {
  ::grpc::Status status = {};
  health::HealthCheckResponse response = {};

  [[nodiscard]] bool serving() const {
    return status.ok() && response.status() == health::HealthCheckResponse::SERVING;
  }
  /// Whether another answer may come of waiting.
  [[nodiscard]] bool may_change() const {
    return status.ok() || status.error_code() == StatusCode::UNAVAILABLE;
  }
};

// gRPC takes a time of the wall clock, and makes a duration of it at once.
void bound(::grpc::ClientContext& context, SteadyTime end) {
  context.set_deadline(std::chrono::system_clock::now() + (end - std::chrono::steady_clock::now()));
}

Health ask(Calls const& calls) {
  auto const stub = health::Health::NewStub(calls.channel);
  ::grpc::ClientContext context;
  bound(context, calls.end);
  health::HealthCheckRequest request;
  request.set_service(calls.settings.health.value_or(""));
  Health answer;
  answer.status = stub->Check(&context, request, &answer.response);
  return answer;
}

Error in_words(Health const& health, Settings const& settings) {
  if (!settings.health)
    return in_words(health.status, settings, "cannot reach the process at", health_service);
  std::string const service =
      settings.health->empty() ? "the process" : "'" + *settings.health + "'";
  if (health.status.ok())
    return {service + " does not come to be SERVING at", settings.address.text(),
            health::HealthCheckResponse::ServingStatus_Name(health.response.status()),
            "see the process's log, or raise 'deadline'"};
  auto error = in_words(health.status, settings, "cannot learn the health of " + service + " at",
                        health_service);
  if (health.status.error_code() == StatusCode::NOT_FOUND)
    error.remedy = "'health' must be a service that the process sets a status for";
  return error;
}

v1::ReloadRequest request_for(Event const& event) {
  v1::ReloadRequest request;
  request.set_certificate(event.certificate);
  request.set_generation(event.generation);
  request.set_fingerprint(event.fingerprint);
  request.mutable_paths()->set_certificate(event.paths.certificate);
  request.mutable_paths()->set_key(event.paths.key);
  request.mutable_paths()->set_ca(event.paths.ca);
  return request;
}

}  // namespace

Result<void> Calls::check() const {
  Health const health = ask(*this);
  // Who does not know the question answers nevertheless, and is not asked for his health later.
  bool const reached =
      health.status.ok() || (!settings.health && !health.may_change() &&
                             health.status.error_code() != StatusCode::DEADLINE_EXCEEDED);
  if (!reached) return fail(in_words(health, settings));
  return {};
}

Result<std::string> Calls::reload(Event const& event) const {
  auto const stub = v1::CertificateReload::NewStub(channel);
  ::grpc::ClientContext context;
  bound(context, end);
  v1::ReloadResponse response;
  auto const status = stub->Reload(&context, request_for(event), &response);
  if (!status.ok())
    return fail(
        grpc_plugin::in_words(status, settings, "the certificate is not taken by", reload_service));
  if (response.fingerprint().empty())
    return fail("it is not known what is served by", settings.address.text(),
                "its answer has no fingerprint",
                "have Reload answer the SHA-256 of the leaf that new handshakes get");
  if (response.fingerprint() != event.fingerprint)
    return fail("another certificate is served by", settings.address.text(),
                "the leaf " + response.fingerprint() + ", not " + event.fingerprint,
                "start it with the files that certpivot publishes");
  return response.message();
}

Result<void> Calls::wait_until_serving() const {
  Health health = ask(*this);
  while (!health.serving()) {
    if (!health.may_change() || std::chrono::steady_clock::now() + pause >= end)
      return fail(in_words(health, settings));
    std::this_thread::sleep_for(pause);
    Health next = ask(*this);
    // What it said last tells more than that it said nothing when the time was over.
    if (next.status.error_code() == StatusCode::DEADLINE_EXCEEDED)
      return fail(in_words(health, settings));
    health = std::move(next);
  }
  return {};
}

}  // namespace certpivot::grpc_plugin
