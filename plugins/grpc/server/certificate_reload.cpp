#include "certificate_reload.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <list>
#include <mutex>
#include <stdexcept>
#include <utility>

#include <grpc/grpc.h>
#include <grpc/grpc_security.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include "certpivot/v1/certificate_reload.grpc.pb.h"

namespace certpivot::server {

namespace {

using ::grpc::Status;
using ::grpc::StatusCode;

template <auto free>
struct Free {
  template <class T>
  void operator()(T* object) const {
    free(object);
  }
};
using Bio = std::unique_ptr<BIO, Free<BIO_free_all>>;
using Certificate = std::unique_ptr<X509, Free<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using Context = std::unique_ptr<SSL_CTX, Free<SSL_CTX_free>>;

/// PEM texts that belong together; the key is wiped.
struct Pair {
  Pair() = default;
  Pair(Pair const&) = delete;
  Pair& operator=(Pair const&) = delete;
  Pair(Pair&&) = default;
  Pair& operator=(Pair&& other) noexcept {
    // Swapped, so that the one of before is wiped where `other` ends.
    std::swap(certificate, other.certificate);
    std::swap(key, other.key);
    std::swap(ca, other.ca);
    std::swap(fingerprint, other.fingerprint);
    return *this;
  }
  ~Pair() { OPENSSL_cleanse(key.data(), key.size()); }

  std::string certificate = {};
  std::string key = {};
  std::string ca = {};
  std::string fingerprint = {};
};

Status refusal(std::string const& why) { return {StatusCode::FAILED_PRECONDITION, why}; }

/// With OpenSSL's reason, and its queue of errors empty again.
Status openssl_refusal(std::string const& what) {
  char const* const reason = ERR_reason_error_string(ERR_peek_last_error());
  std::string why = reason == nullptr ? "OpenSSL gives no reason" : reason;
  ERR_clear_error();
  return refusal(what + ": " + why);
}

Status read_file(std::string const& path, std::string& text) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  auto const size = file ? static_cast<std::streamoff>(file.tellg()) : std::streamoff(-1);
  if (size < 0) return refusal("cannot open " + path);
  // In one piece of the right size: a string that grows leaves copies of the key behind.
  text.resize(static_cast<std::size_t>(size));
  file.seekg(0);
  if (!file.read(text.data(), size)) return refusal("cannot read " + path);
  if (text.empty()) return refusal(path + " is empty");
  return Status::OK;
}

Bio reader(std::string const& text) {
  return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

// Without it OpenSSL would ask the terminal.
int no_passphrase(char* /*buffer*/, int /*size*/, int /*writing*/, void* /*data*/) { return -1; }

Certificate next_certificate(BIO* from) {
  return Certificate(PEM_read_bio_X509(from, nullptr, no_passphrase, nullptr));
}

std::string fingerprint_of(X509 const& certificate) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (X509_digest(&certificate, EVP_sha256(), digest.data(), &size) != 1) return {};
  std::string hex;
  for (unsigned i = 0; i < size; ++i) {
    hex += "0123456789abcdef"[digest[i] >> 4U];
    hex += "0123456789abcdef"[digest[i] & 0xFU];
  }
  return hex;
}

// What follows is what gRPC does with a pair, in the same order, so that it takes what passed here.

Status try_certificates(SSL_CTX& context, Files const& files, Pair& pair) {
  Bio const text = reader(pair.certificate);
  Certificate const leaf = next_certificate(text.get());
  if (!leaf || SSL_CTX_use_certificate(&context, leaf.get()) != 1)
    return openssl_refusal("no certificate to serve in " + files.certificate);
  pair.fingerprint = fingerprint_of(*leaf);
  while (Certificate issuer = next_certificate(text.get())) {
    if (SSL_CTX_add0_chain_cert(&context, issuer.get()) != 1)
      return openssl_refusal("cannot use the chain in " + files.certificate);
    (void)issuer.release();
  }
  ERR_clear_error();
  return Status::OK;
}

Status try_key(SSL_CTX& context, Files const& files, Pair const& pair) {
  Bio const text = reader(pair.key);
  Key const key(PEM_read_bio_PrivateKey(text.get(), nullptr, no_passphrase, nullptr));
  if (!key) return openssl_refusal("no private key to use in " + files.key);
  if (SSL_CTX_use_PrivateKey(&context, key.get()) != 1 || SSL_CTX_check_private_key(&context) != 1)
    return openssl_refusal(files.key + " is not the key of " + files.certificate);
  return Status::OK;
}

Status try_authorities(SSL_CTX& context, Files const& files, Pair const& pair) {
  Bio const text = reader(pair.ca);
  unsigned count = 0;
  for (; Certificate const authority = next_certificate(text.get()); ++count)
    if (X509_STORE_add_cert(SSL_CTX_get_cert_store(&context), authority.get()) != 1)
      return openssl_refusal("cannot use a certificate in " + files.ca);
  if (count == 0) return openssl_refusal("no certificate in " + files.ca);
  ERR_clear_error();
  return Status::OK;
}

Status read_pair(Files const& files, Pair& pair) {
  if (auto status = read_file(files.certificate, pair.certificate); !status.ok()) return status;
  if (auto status = read_file(files.key, pair.key); !status.ok()) return status;
  if (files.ca.empty()) return Status::OK;
  return read_file(files.ca, pair.ca);
}

Status try_pair(Files const& files, Pair& pair) {
  Context const context(SSL_CTX_new(TLS_server_method()));
  if (!context) return openssl_refusal("cannot try the pair");
  if (auto status = try_certificates(*context, files, pair); !status.ok()) return status;
  if (auto status = try_key(*context, files, pair); !status.ok()) return status;
  return files.ca.empty() ? Status::OK : try_authorities(*context, files, pair);
}

}  // namespace

struct Certificates::State {
  /// A listening port, and what its handshaker has been given.
  struct Port {
    State& state;
    std::uint64_t version = 0;
  };

  /// gRPC calls it before each handshake, one at a time for a port.
  static grpc_ssl_certificate_config_reload_status fetch(
      void* port, grpc_ssl_server_certificate_config** config) {
    auto& own = *static_cast<Port*>(port);
    return own.state.hand_over(own, config);
  }

  grpc_ssl_certificate_config_reload_status hand_over(Port& port,
                                                      grpc_ssl_server_certificate_config** config) {
    std::lock_guard const alone(mutex);
    if (version == 0) return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_FAIL;
    if (port.version == version) return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_UNCHANGED;
    grpc_ssl_pem_key_cert_pair const texts{pair.key.c_str(), pair.certificate.c_str()};
    // gRPC insists on some (an assertion that Debian leaves in), even where no client is asked for
    // a certificate; then they verify nobody.
    std::string const& authorities = pair.ca.empty() ? pair.certificate : pair.ca;
    *config = grpc_ssl_server_certificate_config_create(authorities.c_str(), &texts, 1);
    port.version = version;
    return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_NEW;
  }

  Files files;
  grpc_ssl_client_certificate_request_type clients;
  std::mutex reloading =
      {};                 ///< one after the other, so that the last one to read has the last word
  std::mutex mutex = {};  ///< of what follows
  Pair pair = {};
  std::uint64_t version = 0;   ///< of `pair`; 0: there is none yet
  std::list<Port> ports = {};  ///< whose addresses gRPC knows
};

namespace {

/// Python's dynamic_ssl_server_credentials, which gRPC has in C but not in C++.
class FetchingCredentials final : public ::grpc::ServerCredentials {
 public:
  FetchingCredentials(grpc_ssl_client_certificate_request_type clients,
                      grpc_ssl_server_certificate_config_callback fetch, void* port)
      : credentials_(grpc_ssl_server_credentials_create_with_options(
            grpc_ssl_server_credentials_create_options_using_config_fetcher(clients, fetch,
                                                                            port))) {}

  void SetAuthMetadataProcessor(
      std::shared_ptr<::grpc::AuthMetadataProcessor> const& /*processor*/) override {
    throw std::logic_error("these credentials take no AuthMetadataProcessor; use an interceptor");
  }

 private:
  int AddPortToServer(std::string const& address, grpc_server* server) override {
    return grpc_server_add_http2_port(server, address.c_str(), credentials_.get());
  }

  std::unique_ptr<grpc_server_credentials, Free<grpc_server_credentials_release>> credentials_;
};

class ReloadService final : public v1::CertificateReload::Service {
 public:
  explicit ReloadService(Certificates& certificates) : certificates_(certificates) {}

  Status Reload(::grpc::ServerContext* /*context*/, v1::ReloadRequest const* request,
                v1::ReloadResponse* response) override {
    auto status = certificates_.reload(request->fingerprint());
    if (status.ok()) response->set_fingerprint(certificates_.fingerprint());
    return status;
  }

 private:
  Certificates& certificates_;
};

}  // namespace

Certificates::Certificates(Files files, grpc_ssl_client_certificate_request_type clients)
    : state_(new State{std::move(files), clients}) {
  if (state_->files.ca.empty()) state_->clients = GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE;
}

Certificates::~Certificates() = default;

Status Certificates::reload(std::string const& expected) {
  std::lock_guard const one_at_a_time(state_->reloading);
  Pair pair;
  if (auto status = read_pair(state_->files, pair); !status.ok()) return status;
  if (auto status = try_pair(state_->files, pair); !status.ok()) return status;
  if (!expected.empty() && expected != pair.fingerprint)
    return refusal(state_->files.certificate + " holds the leaf " + pair.fingerprint + ", not " +
                   expected + "; start the server with the files that certpivot publishes");
  std::lock_guard const alone(state_->mutex);
  state_->pair = std::move(pair);
  ++state_->version;
  return Status::OK;
}

std::string Certificates::fingerprint() const {
  std::lock_guard const alone(state_->mutex);
  return state_->pair.fingerprint;
}

std::shared_ptr<::grpc::ServerCredentials> Certificates::credentials() {
  std::lock_guard const alone(state_->mutex);
  auto& port = state_->ports.emplace_back(State::Port{*state_});
  return std::make_shared<FetchingCredentials>(state_->clients, &State::fetch, &port);
}

std::unique_ptr<::grpc::Service> make_reload_service(Certificates& certificates) {
  return std::make_unique<ReloadService>(certificates);
}

}  // namespace certpivot::server
