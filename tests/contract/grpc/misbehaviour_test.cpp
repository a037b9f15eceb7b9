#include <atomic>
#include <functional>

#include <doctest/doctest.h>
#include <grpcpp/grpcpp.h>

#include "certpivot/v1/certificate_reload.grpc.pb.h"
#include "grpc/health/v1/health.grpc.pb.h"
#include "plugin.hpp"
#include "support/daemon.hpp"
#include "support/port.hpp"
#include "support/program.hpp"

using namespace certpivot::testing;

// certpivot-grpc by itself, beside processes that do what a process should not.

namespace {

namespace v1 = certpivot::v1;
namespace health = grpc::health::v1;

constexpr auto leaf = "ab12";

class ReloadService final : public v1::CertificateReload::Service {
 public:
  grpc::Status Reload(grpc::ServerContext* context, v1::ReloadRequest const* request,
                      v1::ReloadResponse* response) override {
    return behave(*context, *request, *response);
  }
  std::function<grpc::Status(grpc::ServerContext&, v1::ReloadRequest const&, v1::ReloadResponse&)>
      behave;
};

class HealthService final : public health::Health::Service {
 public:
  grpc::Status Check(grpc::ServerContext* /*context*/, health::HealthCheckRequest const* request,
                     health::HealthCheckResponse* response) override {
    if (request->service() != "app") return {grpc::StatusCode::NOT_FOUND, "service name unknown"};
    response->set_status(++asked > not_serving ? health::HealthCheckResponse::SERVING
                                               : health::HealthCheckResponse::NOT_SERVING);
    return grpc::Status::OK;
  }
  std::atomic<unsigned> asked = 0;
  unsigned not_serving = 0;  ///< so many times at first
};

/// A process with these services, on a Unix socket.
class Process {
 public:
  explicit Process(std::vector<grpc::Service*> const& services) {
    grpc::ServerBuilder builder;
    builder.AddListeningPort(address(), grpc::InsecureServerCredentials());
    for (grpc::Service* const service : services) builder.RegisterService(service);
    // A server without any service is not one.
    builder.RegisterService("nobody", &nothing_);
    server_ = builder.BuildAndStart();
    REQUIRE(server_ != nullptr);
  }
  Process(Process const&) = delete;
  Process& operator=(Process const&) = delete;
  Process(Process&&) = delete;
  Process& operator=(Process&&) = delete;
  ~Process() { server_->Shutdown(std::chrono::system_clock::now()); }

  [[nodiscard]] std::string address() const { return "unix:" + (directory_ / "s").string(); }
  /// The plugin's answer; `keys` are further ones of its table, each after a comma.
  [[nodiscard]] std::string ask(std::string const& action, std::string const& keys = {}) const {
    return ask_grpc_plugin(
        action, "{\"address\":\"" + address() + "\"" + keys + "}",
        std::string("{\"certificate\":\"web\",\"generation\":7,") + "\"fingerprint\":\"" + leaf +
            "\",\"paths\":{\"certificate\":\"/c\"," + "\"key\":\"/k\",\"ca\":\"/a\"}}");
  }

 private:
  TempDirectory directory_ = {};
  v1::CertificateReload::Service nothing_ = {};
  std::unique_ptr<grpc::Server> server_ = {};
};

bool is_good(std::string const& answer) {
  return answer.find("\"ok\":true") != std::string::npos && answer.ends_with("}\n");
}

bool refuses(std::string const& answer, std::string const& part) {
  return answer.find("\"ok\":false") != std::string::npos &&
         answer.find(part) != std::string::npos && answer.ends_with("}\n");
}

}  // namespace

TEST_CASE("the daemon does not link gRPC") {
  Outcome const libraries = run_program({"/usr/bin/ldd", certpivot_binary()});
  CHECK(libraries.out.find("libssl") != std::string::npos);
  for (std::string const library : {"grpc", "protobuf"})
    CHECK(libraries.out.find(library) == std::string::npos);
}

TEST_CASE("certpivot-grpc describes its keys with their types") {
  std::string const answer = ask_grpc_plugin("describe", "{}");
  CHECK(is_good(answer));
  CHECK(answer.find(R"("actions":["check","reload"])") != std::string::npos);
  for (std::string const key :
       {R"("address":{"type":"string","required":true})", R"("reload":{"type":"boolean",)",
        R"("health":{"type":"string",)", R"("tls":{"type":"boolean",)",
        R"("anchors":{"type":"string",)", R"("server_name":{"type":"string",)",
        R"("deadline":{"type":"string",)"})
    CHECK_MESSAGE(answer.find(key) != std::string::npos, key);
}

TEST_CASE("a service is told what is in force, and what it says stands in the answer") {
  ReloadService reload;
  v1::ReloadRequest told;
  reload.behave = [&](auto&, v1::ReloadRequest const& request, v1::ReloadResponse& response) {
    told = request;
    response.set_fingerprint(leaf);
    response.set_message("with pleasure");
    return grpc::Status::OK;
  };
  Process const process({&reload});
  std::string const answer = process.ask("reload");
  CHECK_MESSAGE(is_good(answer), answer);
  CHECK(answer.find("serves ab12: with pleasure") != std::string::npos);
  CHECK(told.certificate() == "web");
  CHECK(told.generation() == 7);
  CHECK(told.fingerprint() == leaf);
  CHECK(told.paths().certificate() == "/c");
  CHECK(told.paths().key() == "/k");
  CHECK(told.paths().ca() == "/a");
}

TEST_CASE("a process that is not there is unavailable, before the pivot and after it") {
  std::string const config = "{\"address\":\"127.0.0.1:" + std::to_string(free_port()) + "\"}";
  for (std::string const action : {"check", "reload"}) {
    std::string const answer = ask_grpc_plugin(action, config);
    CHECK_MESSAGE(refuses(answer, "UNAVAILABLE"), answer);
    CHECK(refuses(answer, "see that the process runs and listens there"));
  }
}

TEST_CASE("a process without the service is told what it lacks") {
  HealthService health;
  Process const process({&health});
  CHECK(is_good(process.ask("check")));
  std::string const answer = process.ask("reload");
  CHECK_MESSAGE(refuses(answer, "UNIMPLEMENTED"), answer);
  CHECK(refuses(answer, "register certpivot.v1.CertificateReload"));
}

TEST_CASE("a process that never answers is left when the deadline is over") {
  ReloadService reload;
  reload.behave = [](grpc::ServerContext& context, auto&, auto&) {
    wait_until("the caller has left", [&] { return context.IsCancelled(); });
    return grpc::Status::CANCELLED;
  };
  Process const process({&reload});
  std::string const answer = process.ask("reload", R"(,"deadline":"300ms")");
  CHECK_MESSAGE(refuses(answer, "DEADLINE_EXCEEDED"), answer);
  CHECK(refuses(answer, "raise 'deadline' (300ms)"));
}

TEST_CASE("a process that serves another leaf, or does not say which, has not taken ours") {
  std::vector<std::pair<std::string, std::string>> const answers{
      {"cd34", "another certificate is served"}, {"", "its answer has no fingerprint"}};
  for (auto const& given : answers) {
    ReloadService reload;
    reload.behave = [&](auto&, auto&, v1::ReloadResponse& response) {
      response.set_fingerprint(given.first);
      return grpc::Status::OK;
    };
    Process const process({&reload});
    std::string const answer = process.ask("reload");
    CHECK_MESSAGE(refuses(answer, given.second), answer);
  }
}

TEST_CASE("keys that can never work are refused when the plugin is asked to describe itself") {
  Process const process({});
  CHECK(refuses(process.ask("describe", R"(,"deadline":"5 s")"), "'deadline' is no duration 5 s"));
  CHECK(refuses(process.ask("describe", R"(,"reload":false)"), "there is nothing to call"));
}

TEST_CASE("a process that says more than anybody reads is not listened to") {
  ReloadService reload;
  reload.behave = [&](auto&, auto&, v1::ReloadResponse& response) {
    response.set_fingerprint(leaf);
    response.set_message(std::string(100'000, 'x'));
    return grpc::Status::OK;
  };
  Process const process({&reload});
  std::string const answer = process.ask("reload");
  CHECK_MESSAGE(refuses(answer, "RESOURCE_EXHAUSTED"), answer);
  CHECK(answer.size() < 1000);
}

TEST_CASE("a service is waited for until it is SERVING") {
  HealthService health;
  health.not_serving = 3;
  Process const process({&health});
  std::string const answer = process.ask("reload", R"(,"reload":false,"health":"app")");
  CHECK_MESSAGE(is_good(answer), answer);
  CHECK(health.asked == 4);
}

TEST_CASE("a service that does not come to be SERVING is a failure, and none before the pivot") {
  HealthService health;
  health.not_serving = 1'000'000;
  Process const process({&health});
  std::string const keys = R"(,"reload":false,"health":"app","deadline":"300ms")";
  CHECK(is_good(process.ask("check", keys)));
  std::string const answer = process.ask("reload", keys);
  CHECK_MESSAGE(refuses(answer, "'app' does not come to be SERVING at"), answer);
}

TEST_CASE("a service that the process does not know is found before the pivot") {
  HealthService health;
  Process const process({&health});
  for (std::string const action : {"check", "reload"}) {
    std::string const answer = process.ask(action, R"(,"reload":false,"health":"nobody")");
    CHECK_MESSAGE(refuses(answer, "NOT_FOUND: service name unknown"), answer);
    CHECK(refuses(answer, "'health' must be a service that the process sets a status for"));
  }
}

TEST_CASE("a process without health checking is found before the pivot where it is asked for") {
  ReloadService reload;
  Process const process({&reload});
  std::string const answer = process.ask("check", R"(,"health":"")");
  CHECK_MESSAGE(refuses(answer, "register grpc.health.v1.Health"), answer);
  CHECK(is_good(process.ask("check")));
}

TEST_CASE("keys that cannot work are refused before anybody is called") {
  for (auto const& [config, part] : std::vector<std::array<std::string, 2>>{
           {R"({"address":"web.internal:443"})", "will not speak in plain text to another host"},
           {R"({"address":"10.0.0.7:443"})", "set 'tls'"},
           {R"({"address":"0x7f.1:443"})", "will not speak in plain text to another host"},
           {R"({"address":"[::2]:443"})", "will not speak in plain text to another host"},
           {R"({"address":"app.sock"})", "write host:port, [IPv6 address]:port or unix:/path"},
           {R"({"address":"127.0.0.1:1","reload":false})", "there is nothing to call"},
           {R"({"address":"127.0.0.1:1","deadline":"soon"})", "'deadline' is no duration"},
           {R"({"address":"127.0.0.1:1","deadline":"0s"})", "'deadline' is no duration"}})
    for (std::string const action : {"check", "reload"}) {
      std::string const answer = ask_grpc_plugin(action, config);
      CHECK_MESSAGE(refuses(answer, part), answer);
    }
}

TEST_CASE("what is no question gets an answer that says so") {
  for (std::string const action : {"alert", ""})
    CHECK(refuses(ask_grpc_plugin(action, "{}"), "this plugin can describe, check and reload"));
  CHECK(refuses(ask_grpc_plugin("describe", "{}", "{}}, {"), "standard input is not what"));
}

TEST_CASE("mTLS needs a server that the anchors lead to, under the name that is asked for") {
  Scene scene;
  Pair const pair = scene.issue({.names = {"app.internal"}});
  grpc::SslServerCredentialsOptions tls(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  tls.pem_root_certs = scene.authority.pem();
  tls.pem_key_cert_pairs = {{pair.key_pem, pair.certificate_pem}};
  HealthService health;
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::SslServerCredentials(tls), &port);
  builder.RegisterService(&health);
  auto const server = builder.BuildAndStart();

  auto const& files = scene.directory;
  std::string const ca = files.write("ca.crt", scene.authority.pem());
  std::string const other_ca = files.write("other.crt", Authority().pem());
  auto const event = [&](Pair const& own) {
    return R"({"fingerprint":"ab12","paths":{"certificate":")" +
           files.write("tls.crt", own.certificate_pem).string() + R"(","key":")" +
           files.write("tls.key", own.key_pem).string() + R"(","ca":")" + ca + "\"}}";
  };
  auto const ask = [&](std::string const& keys, Pair const& own) {
    return ask_grpc_plugin("check",
                           "{\"address\":\"127.0.0.1:" + std::to_string(port) +
                               R"(","tls":true,"health":"app")" + keys + "}",
                           event(own));
  };
  std::string const name = R"(,"server_name":"app.internal")";
  Pair const own = scene.issue({.purpose = Purpose::client});
  CHECK(is_good(ask(name, own)));
  CHECK(is_good(ask(name + R"(,"anchors":")" + ca + '"', own)));
  for (std::string const& keys : {name + R"(,"anchors":")" + other_ca + '"',
                                  name + R"(,"anchors":"system")", std::string()}) {
    std::string const answer = ask(keys, own);
    CHECK_MESSAGE(refuses(answer, "see that the process listens there, that 'anchors'"), answer);
  }
  CHECK(refuses(ask(name, Authority().issue({.purpose = Purpose::client})), "UNAVAILABLE"));
  CHECK(refuses(ask(name + R"(,"anchors":"/nowhere/ca.crt")", own),
                "cannot read /nowhere/ca.crt: No such file or directory"));

  Pair unreadable = own;
  unreadable.key_pem = "-----BEGIN PRIVATE KEY-----\nhush\n-----END PRIVATE KEY-----\n";
  std::string const answer = ask(name, unreadable);
  CHECK_MESSAGE(refuses(answer, "UNAVAILABLE"), answer);
  CHECK(answer.find("hush") == std::string::npos);

  std::filesystem::remove(files / "tls.key");
  std::string const config =
      "{\"address\":\"127.0.0.1:" + std::to_string(port) + "\",\"tls\":true}";
  std::string const paths = R"({"paths":{"certificate":")" + ca + R"(","key":")" +
                            (files / "tls.key").string() + R"(","ca":")" + ca + "\"}}";
  CHECK(is_good(ask_grpc_plugin("check", config, paths)));
  CHECK(refuses(ask_grpc_plugin("reload", config, paths), "tls.key: No such file or directory"));
  server->Shutdown(std::chrono::system_clock::now());
}
