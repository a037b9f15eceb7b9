#include "support/tls_look.hpp"

#include <algorithm>
#include <signal.h>

#include <openssl/err.h>
#include <openssl/pem.h>

#include "crypto/handle.hpp"
#include "support/port.hpp"

namespace certpivot::testing {
namespace {

using namespace certpivot::crypto;

BioHandle reader(std::string const& text) {
  return BioHandle(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

void offer(SSL_CTX* context, Pair const& pair) {
  CertificateHandle const leaf(
      PEM_read_bio_X509(reader(pair.leaf_pem).get(), nullptr, nullptr, nullptr));
  KeyHandle const key(
      PEM_read_bio_PrivateKey(reader(pair.key_pem).get(), nullptr, nullptr, nullptr));
  SSL_CTX_use_certificate(context, leaf.get());
  SSL_CTX_use_PrivateKey(context, key.get());
}

void trust(SSL_CTX* context, std::string const& anchors) {
  BioHandle const bio = reader(anchors);
  while (CertificateHandle const anchor{PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)})
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context), anchor.get());
  ERR_clear_error();
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
}

std::string take_reason() {
  char const* const reason = ERR_reason_error_string(ERR_get_error());
  ERR_clear_error();
  return reason != nullptr ? reason : "the connection broke";
}

std::string fingerprint_of(CertificateHandle const& leaf) {
  if (!leaf) return {};
  unsigned char hash[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  X509_digest(leaf.get(), EVP_sha256(), hash, &size);
  static constexpr char digits[] = "0123456789abcdef";
  std::string text;
  for (unsigned i = 0; i < size; ++i) {
    text += digits[hash[i] >> 4];
    text += digits[hash[i] & 15];
  }
  return text;
}

std::string request(SSL* session) {
  static constexpr char text[] = "GET / HTTP/1.0\r\nHost: web.internal\r\n\r\n";
  if (SSL_write(session, text, sizeof text - 1) <= 0) return {};
  char buffer[4096];
  int const count = SSL_read(session, buffer, sizeof buffer);
  std::string const answer(buffer, static_cast<std::size_t>(std::max(count, 0)));
  return answer.starts_with("HTTP/1.") && answer.size() > 12 ? answer.substr(9, 3) : "";
}

}  // namespace

Look look_at(int port, Pair const* pair, std::string const& anchors) {
  ::signal(SIGPIPE, SIG_IGN);
  Look look;
  UniqueFd const socket = connect_to(port);
  if (!socket.valid()) {
    look.failure = "connection refused";
    return look;
  }
  ContextHandle const context(SSL_CTX_new(TLS_client_method()));
  if (pair != nullptr) offer(context.get(), *pair);
  if (!anchors.empty()) trust(context.get(), anchors);
  ConnectionHandle const session(SSL_new(context.get()));
  SSL_set_fd(session.get(), socket.get());
  SSL_ctrl(session.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
           std::string("web.internal").data());
  if (SSL_connect(session.get()) != 1) {
    look.failure = take_reason();
    return look;
  }
  look.fingerprint = fingerprint_of(CertificateHandle(SSL_get1_peer_certificate(session.get())));
  look.status = request(session.get());
  if (look.status.empty()) look.failure = take_reason();
  return look;
}

struct KeptAlive::Connection {
  UniqueFd socket = {};
  ContextHandle context = {};
  ConnectionHandle session = {};
};

KeptAlive::KeptAlive(int port, Pair const* pair) : connection_(std::make_unique<Connection>()) {
  ::signal(SIGPIPE, SIG_IGN);
  connection_->socket = connect_to(port);
  connection_->context.reset(SSL_CTX_new(TLS_client_method()));
  if (pair != nullptr) offer(connection_->context.get(), *pair);
  connection_->session.reset(SSL_new(connection_->context.get()));
  SSL_set_fd(connection_->session.get(), connection_->socket.get());
  SSL_connect(connection_->session.get());
}

KeptAlive::~KeptAlive() = default;

std::string KeptAlive::request() {
  static constexpr char text[] = "GET / HTTP/1.1\r\nHost: web.internal\r\n\r\n";
  SSL* const session = connection_->session.get();
  std::string answer;
  if (SSL_write(session, text, sizeof text - 1) > 0) {
    char buffer[4096];
    for (int count = 1; count > 0 && !answer.ends_with("served");) {
      count = SSL_read(session, buffer, sizeof buffer);
      answer.append(buffer, static_cast<std::size_t>(std::max(count, 0)));
    }
  }
  ERR_clear_error();
  return answer.starts_with("HTTP/1.1 ") && answer.size() > 12 ? answer.substr(9, 3) : "";
}

std::string leaf_fingerprint(std::string const& pem) {
  std::string const fingerprint = fingerprint_of(
      CertificateHandle(PEM_read_bio_X509(reader(pem).get(), nullptr, nullptr, nullptr)));
  ERR_clear_error();
  return fingerprint;
}

LookLoop::LookLoop(int port, Pair const* pair) : port_(port), offers_(pair != nullptr) {
  if (pair != nullptr) pair_ = *pair;
  thread_ = std::thread([this] { run(); });
}

LookLoop::~LookLoop() {
  if (thread_.joinable()) (void)stop();
}

LookLoop::Tally LookLoop::stop() {
  stopping_ = true;
  if (thread_.joinable()) thread_.join();
  return seen();
}

LookLoop::Tally LookLoop::seen() const {
  std::lock_guard const lock(mutex_);
  return tally_;
}

void LookLoop::run() {
  while (!stopping_) {
    Look const look = look_at(port_, offers_ ? &pair_ : nullptr);
    std::lock_guard const lock(mutex_);
    if (!look.failure.empty()) {
      tally_.failures.push_back(look.failure);
      continue;
    }
    ++tally_.good;
    auto& known = tally_.fingerprints;
    if (std::find(known.begin(), known.end(), look.fingerprint) == known.end()) {
      known.push_back(look.fingerprint);
    }
  }
}

}  // namespace certpivot::testing
