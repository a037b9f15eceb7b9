#include <array>
#include <memory>

#include <doctest/doctest.h>
#include <grpcpp/grpcpp.h>

#include "clock.grpc.pb.h"
#include "clock_client.hpp"
#include "plugins/grpc/server/certificate_reload.hpp"
#include "support/temp_directory.hpp"
#include "support/tls_look.hpp"

using namespace certpivot::testing;
using certpivot::server::Certificates;

// plugins/grpc/server inside a process: what it takes, and what it keeps from gRPC.

namespace {

class Clock final : public certpivot::example::v1::Clock::Service {
 public:
  grpc::Status Now(grpc::ServerContext* /*context*/,
                   certpivot::example::v1::NowRequest const* /*request*/,
                   certpivot::example::v1::Time* response) override {
    response->set_milliseconds(1);
    return grpc::Status::OK;
  }
};

struct Files {
  void write(Pair const& pair) const {
    directory.write("tls.crt", pair.certificate_pem);
    directory.write("tls.key", pair.key_pem);
    directory.write("ca.crt", authority.pem());
  }
  [[nodiscard]] certpivot::server::Files names(bool with_ca = false) const {
    return {directory / "tls.crt", directory / "tls.key", with_ca ? directory / "ca.crt" : ""};
  }

  TempDirectory directory = {};
  Authority authority = Authority();
};

/// A server with this certificate at each of its ports.
struct Server {
  Server(Certificates& certificates, std::size_t ports) : port(ports, 0) {
    grpc::ServerBuilder builder;
    for (int& one : port) builder.AddListeningPort("127.0.0.1:0", certificates.credentials(), &one);
    builder.RegisterService(&clock);
    server = builder.BuildAndStart();
  }
  ~Server() {
    if (server) server->Shutdown(std::chrono::system_clock::now());
  }
  Server(Server const&) = delete;
  Server& operator=(Server const&) = delete;
  Server(Server&&) = delete;
  Server& operator=(Server&&) = delete;

  Clock clock = {};
  std::vector<int> port;
  std::unique_ptr<grpc::Server> server = {};
};

}  // namespace

TEST_CASE("a pair that a server cannot use changes nothing, and the status says why") {
  Files const files;
  Pair const good = files.authority.issue();
  files.write(good);
  Certificates certificates(files.names(true));
  REQUIRE(certificates.reload().ok());
  Server const server(certificates, 1);
  Pair const client = files.authority.issue({.purpose = Purpose::client});

  std::string const garbage = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
  std::string const encrypted = encrypted_key(good.key_pem, "secret");
  Pair const other = files.authority.issue();
  for (auto const& [file, text, reason] : std::vector<std::array<std::string, 3>>{
           {"tls.crt", "", "is empty"},
           {"tls.crt", garbage, "no certificate to serve in"},
           {"tls.crt", other.certificate_pem, "is not the key of"},
           {"tls.key", "none", "no private key to use in"},
           {"tls.key", encrypted, "no private key to use in"},
           {"tls.key", other.key_pem, "is not the key of"},
           {"ca.crt", "none", "no certificate in"},
           {"ca.crt", garbage, "no certificate in"}}) {
    files.write(good);
    files.directory.write(file, text);
    auto const status = certificates.reload();
    CAPTURE(status.error_message());
    CHECK(status.error_code() == grpc::StatusCode::FAILED_PRECONDITION);
    CHECK(status.error_message().find(reason) != std::string::npos);
    CHECK(status.error_message().find(files.directory / file) != std::string::npos);
    CHECK(certificates.fingerprint() == good.fingerprint);
    CHECK(ClockClient{server.port[0], files.authority.pem(), &client}.now() == "");
  }
  for (std::string const file : {"tls.crt", "tls.key", "ca.crt"}) {
    files.write(good);
    std::filesystem::remove(files.directory / file);
    CHECK(certificates.reload().error_message() ==
          "cannot open " + (files.directory / file).string());
  }
}

TEST_CASE("every port of a server serves the new pair, and connections that stand go on") {
  Files const files;
  Pair const first = files.authority.issue();
  Pair const second = files.authority.issue({.key = rsa(2048)});
  files.write(first);
  Certificates certificates(files.names());
  REQUIRE(certificates.reload(first.fingerprint).ok());
  Server const server(certificates, 2);
  auto const stub = certpivot::example::v1::Clock::NewStub(
      ClockClient{server.port[0], files.authority.pem()}.channel());
  auto const call = [&] {
    grpc::ClientContext context;
    certpivot::example::v1::Time time;
    return stub->Now(&context, {}, &time).ok();
  };
  CHECK(call());
  files.write(second);
  REQUIRE(certificates.reload(second.fingerprint).ok());
  for (int const port : server.port) CHECK(look_at(port).fingerprint == second.fingerprint);
  CHECK(call());
}

TEST_CASE("another leaf than the one that is expected is not taken") {
  Files const files;
  Pair const first = files.authority.issue();
  files.write(first);
  Certificates certificates(files.names());
  CHECK(certificates.reload("ab12").error_message().find("holds the leaf " + first.fingerprint +
                                                         ", not ab12") != std::string::npos);
  CHECK(certificates.fingerprint() == "");
}

TEST_CASE("before the first pair a server does not start") {
  Files const files;
  Certificates certificates(files.names());
  CHECK_FALSE(certificates.reload().ok());
  Server const server(certificates, 1);
  CHECK(server.port[0] == 0);
}
