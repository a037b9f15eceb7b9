#include "support/tls_server.hpp"

#include <algorithm>
#include <chrono>
#include <signal.h>
#include <stdexcept>
#include <utility>

#include <openssl/err.h>
#include <openssl/pem.h>

#include "crypto/handle.hpp"
#include "support/http_server.hpp"

namespace certpivot::testing {
namespace {

using namespace certpivot::crypto;

BioHandle reader(std::string const& text) {
  return BioHandle(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

CertificateHandle certificate_from(std::string const& pem) {
  return CertificateHandle(PEM_read_bio_X509(reader(pem).get(), nullptr, nullptr, nullptr));
}

void use_pair(SSL_CTX* context, Pair const& pair) {
  BioHandle const chain = reader(pair.certificate_pem);
  bool leaf_set = false;
  while (CertificateHandle const next{PEM_read_bio_X509(chain.get(), nullptr, nullptr, nullptr)}) {
    if (leaf_set) {
      SSL_CTX_add1_chain_cert(context, next.get());
    } else {
      SSL_CTX_use_certificate(context, next.get());
    }
    leaf_set = true;
  }
  KeyHandle const key(
      PEM_read_bio_PrivateKey(reader(pair.key_pem).get(), nullptr, nullptr, nullptr));
  if (SSL_CTX_use_PrivateKey(context, key.get()) != 1) throw std::runtime_error("test pair");
}

ContextHandle context_for(TlsServerOptions const& options, Pair const& pair) {
  ContextHandle context(SSL_CTX_new(TLS_server_method()));
  SSL_CTX_set_security_level(context.get(), 0);
  SSL_CTX_set_max_proto_version(context.get(), options.only_tls12 ? TLS1_2_VERSION : 0);
  SSL_CTX_set_num_tickets(context.get(), static_cast<std::size_t>(options.tickets));
  use_pair(context.get(), pair);
  if (!options.client_anchor_pem.empty()) {
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context.get()),
                        certificate_from(options.client_anchor_pem).get());
  }
  return context;
}

std::string client_of(SSL* session) {
  CertificateHandle const certificate(SSL_get1_peer_certificate(session));
  if (!certificate) return {};
  TextHandle const subject(X509_NAME_oneline(X509_get_subject_name(certificate.get()), nullptr, 0));
  return subject.get();
}

}  // namespace

TlsServer::TlsServer(TlsServerOptions options) : options_(std::move(options)) {
  // OpenSSL writes to sockets with write(2); a client that has gone must not end the test.
  ::signal(SIGPIPE, SIG_IGN);
  server_ = std::make_unique<SocketServer>([this](int connection) { answer(connection); },
                                           options_.address);
}

std::string TlsServer::address() const {
  if (options_.address.starts_with('/')) return "unix:" + options_.address;
  bool const v6 = options_.address.find(':') != std::string::npos;
  return (v6 ? '[' + options_.address + ']' : options_.address) + ':' + std::to_string(port());
}

std::vector<SeenConnection> TlsServer::seen() const {
  std::lock_guard const lock(mutex_);
  return seen_;
}

std::vector<SeenConnection> TlsServer::wait_for(std::size_t count) const {
  auto const deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (std::chrono::steady_clock::now() < deadline) {
    auto connections = seen();
    if (connections.size() >= count) return connections;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  throw std::runtime_error("the expected connections did not come");
}

void TlsServer::answer(int connection) {
  if (!speak(connection, options_.opening)) return;
  std::size_t const turn = std::min(seen().size(), options_.pairs.size() - 1);
  ContextHandle const context = context_for(options_, options_.pairs[turn]);
  ConnectionHandle const session(SSL_new(context.get()));
  SSL_set_fd(session.get(), connection);
  SeenConnection facts;
  facts.accepted = SSL_accept(session.get()) == 1;
  facts.resumed = SSL_session_reused(session.get()) == 1;
  char const* const name = SSL_get_servername(session.get(), TLSEXT_NAMETYPE_host_name);
  if (name != nullptr) facts.server_name = name;
  if (facts.accepted && !options_.answer.empty()) {
    facts.client = client_of(session.get());
    facts.request = read_http_request([&session](char* buffer, std::size_t size) {
      return ::ssize_t{SSL_read(session.get(), buffer, static_cast<int>(size))};
    });
    SSL_write(session.get(), options_.answer.data(), static_cast<int>(options_.answer.size()));
    SSL_shutdown(session.get());
  } else if (facts.accepted) {
    char byte = 0;
    int const result = SSL_read(session.get(), &byte, 1);
    facts.closed_politely = SSL_get_error(session.get(), result) == SSL_ERROR_ZERO_RETURN;
  } else {
    // Closing with unread bytes would reset the connection and may cost the client our alert.
    stay_silent(connection);
  }
  ERR_clear_error();
  std::lock_guard const lock(mutex_);
  seen_.push_back(std::move(facts));
}

}  // namespace certpivot::testing
