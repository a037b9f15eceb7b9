#pragma once

#include <memory>
#include <string>

#include <grpc/grpc_security_constants.h>
#include <grpcpp/impl/service_type.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/support/status.h>

/// For gRPC servers in C++17 whose certificate certpivot rotates. Take this header, its source and
/// what protoc makes of certpivot/v1/certificate_reload.proto into your program; they need
/// gRPC 1.51 and OpenSSL 3, and nothing else of certpivot:
///
///     certpivot::server::Certificates certificates(
///         {"/run/certs/app/tls.crt", "/run/certs/app/tls.key", "/run/certs/app/ca.crt"});
///     if (auto const status = certificates.reload(); !status.ok()) …
///     auto const reload = certpivot::server::make_reload_service(certificates);
///
///     grpc::ServerBuilder builder;
///     builder.AddListeningPort("0.0.0.0:443", certificates.credentials());
///     builder.RegisterService(&your_service);
///     grpc::ServerBuilder control;
///     control.AddListeningPort("unix:/run/app/reload.sock", grpc::InsecureServerCredentials());
///     control.RegisterService(reload.get());
///
/// gRPC's own FileWatcherCertificateProvider hands a pair that does not match to the handshaker,
/// and every new connection fails until the files are mended. Here a pair is tried before gRPC
/// learns of it, the one of before stays where it is no good, and the caller hears why.
namespace certpivot::server {

struct Files {
  std::string certificate = {};  ///< leaf first, then intermediates, PEM
  std::string key = {};          ///< PEM, not encrypted
  std::string ca = {};           ///< what clients' certificates must end in; empty: ask for none
};

/// The certificate of a server, which can be replaced while it runs. Thread-safe. Must outlive
/// every grpc::Server that has its credentials.
class Certificates {
 public:
  /// Reads nothing yet. Where `files.ca` is given, `clients` is what is asked of clients.
  explicit Certificates(Files files,
                        grpc_ssl_client_certificate_request_type clients =
                            GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  ~Certificates();
  Certificates(Certificates const&) = delete;
  Certificates& operator=(Certificates const&) = delete;
  Certificates(Certificates&&) = delete;
  Certificates& operator=(Certificates&&) = delete;

  /// Reads the files. Where they hold a pair that a server can use, and the leaf is the `expected`
  /// one (SHA-256 of the DER in lower-case hex; empty for any), new handshakes get it; connections
  /// that stand are left alone. Otherwise nothing changes, and the status is FAILED_PRECONDITION
  /// with the reason.
  ::grpc::Status reload(std::string const& expected = {});

  /// The leaf that new handshakes get, as above; empty before the first good reload().
  [[nodiscard]] std::string fingerprint() const;

  /// For AddListeningPort: a new one for each port. Before the first good reload() the port cannot
  /// be added.
  [[nodiscard]] std::shared_ptr<::grpc::ServerCredentials> credentials();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// certpivot.v1.CertificateReload, which calls reload(). Like any service it must outlive its
/// server, and `certificates` must outlive it. A caller learns no more than fingerprints and can
/// make the server read nothing but its own files again; still, serve it on a Unix socket, on
/// loopback or behind client certificates.
[[nodiscard]] std::unique_ptr<::grpc::Service> make_reload_service(Certificates& certificates);

}  // namespace certpivot::server
