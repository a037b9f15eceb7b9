// A gRPC server whose certificate certpivot rotates, in the three ways that plugins/grpc/README.md
// tells of. What a server of yours would have of it is run(); the rest is a clock to be asked.
//
//   certpivot_grpc_example --certificate F --key F [--ca F] --listen HOST:PORT
//       [--reload unix:PATH | --reload here | --watch SECONDS]
//
// --reload ADDRESS  certpivot.v1.CertificateReload in plain text at an address of its own
// --reload here     the same beside the other services; with --ca only
// --watch SECONDS   gRPC's own FileWatcherCertificateProvider instead
//
// Prints a line with the port when it serves; SIGTERM ends it.
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <thread>

#include <grpcpp/grpcpp.h>
#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_credentials_options.h>

#include "clock.grpc.pb.h"
#include "plugins/grpc/server/certificate_reload.hpp"

namespace certpivot::example {

namespace {

using Options = std::map<std::string, std::string>;

class Clock final : public v1::Clock::Service {
 public:
  ::grpc::Status Now(::grpc::ServerContext* /*context*/, v1::NowRequest const* /*request*/,
                     v1::Time* response) override {
    using namespace std::chrono;
    response->set_milliseconds(
        duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count());
    return ::grpc::Status::OK;
  }

  ::grpc::Status Watch(::grpc::ServerContext* context, v1::NowRequest const* request,
                       ::grpc::ServerWriter<v1::Time>* writer) override {
    v1::Time time;
    while (Now(context, request, &time).ok() && writer->Write(time))
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    return ::grpc::Status::OK;
  }
};

server::Files files_of(Options& options) {
  return {options["certificate"], options["key"], options["ca"]};
}

std::shared_ptr<::grpc::ServerCredentials> watching_credentials(Options& options) {
  using namespace ::grpc::experimental;
  auto const files = files_of(options);
  TlsServerCredentialsOptions tls(std::make_shared<FileWatcherCertificateProvider>(
      files.key, files.certificate, files.ca, static_cast<unsigned>(std::stoul(options["watch"]))));
  tls.watch_identity_key_cert_pairs();
  if (!files.ca.empty()) {
    tls.watch_root_certs();
    tls.set_cert_request_type(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  }
  return TlsServerCredentials(tls);
}

/// Waits for SIGTERM, which every thread blocks.
void wait_for_the_end() {
  ::sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  int which = 0;
  while (sigwait(&signals, &which) != 0) continue;
}

int fail(std::string const& why) {
  std::cerr << "certpivot_grpc_example: " << why << '\n';
  return EXIT_FAILURE;
}

int run(Options options) {
  bool const watches = options.contains("watch");
  server::Certificates certificates(files_of(options));
  if (!watches)
    if (auto const status = certificates.reload(); !status.ok())
      return fail(status.error_message());

  ::grpc::EnableDefaultHealthCheckService(true);
  Clock clock;
  int port = 0;
  ::grpc::ServerBuilder builder;
  builder.AddListeningPort(options["listen"],
                           watches ? watching_credentials(options) : certificates.credentials(),
                           &port);
  builder.RegisterService(&clock);
  auto const reload = server::make_reload_service(certificates);
  ::grpc::ServerBuilder control_builder;
  if (options["reload"] == "here") {
    builder.RegisterService(reload.get());
  } else if (!options["reload"].empty()) {
    control_builder.AddListeningPort(options["reload"], ::grpc::InsecureServerCredentials());
    control_builder.RegisterService(reload.get());
  }
  auto const server = builder.BuildAndStart();
  if (server == nullptr || port == 0) return fail("cannot listen at " + options["listen"]);
  server->GetHealthCheckService()->SetServingStatus("certpivot.example.v1.Clock", true);
  auto const control = control_builder.BuildAndStart();
  std::cout << "serving at port " << port << std::endl;
  wait_for_the_end();
  server->Shutdown(std::chrono::system_clock::now());
  return EXIT_SUCCESS;
}

}  // namespace

}  // namespace certpivot::example

int main(int count, char** words) {
  // Before gRPC has threads, which inherit it.
  ::sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigprocmask(SIG_BLOCK, &signals, nullptr);
  certpivot::example::Options options;
  for (int i = 1; i + 1 < count; i += 2) options[std::string(words[i]).substr(2)] = words[i + 1];
  return certpivot::example::run(std::move(options));
}
