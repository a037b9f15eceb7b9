#include "support/tls_look.hpp"

#include <algorithm>
#include <signal.h>
#include <sys/socket.h>
#include <utility>

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

// OpenSSL has no reason of its own where the connection was reset.
std::string take_reason(char const* reset) {
  char const* const reason = ERR_reason_error_string(ERR_get_error());
  ERR_clear_error();
  return reason != nullptr ? reason : reset;
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

// "HTTP/1.1 200 OK" is "200"; of anything else the first line is told.
std::string status_of(std::string const& answer) {
  if (answer.starts_with("HTTP/1.") && answer.size() > 12) return answer.substr(9, 3);
  static constexpr char const ends[] = {'\r', '\n', '\0'};
  return answer.substr(0, answer.find_first_of(ends, 0, sizeof ends));
}

std::string ask(SSL* session, std::string const& request) {
  if (SSL_write(session, request.data(), static_cast<int>(request.size())) <= 0) return {};
  char buffer[4096];
  int const count = SSL_read(session, buffer, sizeof buffer);
  return status_of({buffer, static_cast<std::size_t>(std::max(count, 0))});
}

bool agrees_to_tls(int socket, std::string const& opening) {
  if (opening.empty()) return true;
  char answer = 0;
  return ::send(socket, opening.data(), opening.size(), MSG_NOSIGNAL) > 0 &&
         ::recv(socket, &answer, 1, 0) == 1 && answer == 'S';
}

}  // namespace

Look look_at(int port, Pair const* pair, std::string const& anchors, Talk const& talk) {
  ::signal(SIGPIPE, SIG_IGN);
  Look look;
  UniqueFd const socket = connect_to(port);
  if (!socket.valid()) {
    look.failure = "connection refused";
    return look;
  }
  if (!agrees_to_tls(socket.get(), talk.opening)) {
    look.failure = "no answer to the request for TLS";
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
    look.failure = take_reason("reset in the handshake");
    return look;
  }
  look.fingerprint = fingerprint_of(CertificateHandle(SSL_get1_peer_certificate(session.get())));
  look.status = ask(session.get(), talk.request);
  if (look.status.empty()) look.failure = take_reason("reset before the answer");
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

LookLoop::LookLoop(int port, Pair const* pair)
    : LookLoop([port, offers = pair != nullptr, own = pair != nullptr ? *pair : Pair()] {
        return look_at(port, offers ? &own : nullptr);
      }) {}

LookLoop::LookLoop(std::function<Look()> look)
    : look_(std::move(look)), loop_([this] { return this->look(); }) {}

LookLoop::Tally LookLoop::stop() {
  auto failures = loop_.stop();
  Tally tally = seen();
  tally.failures = std::move(failures);
  return tally;
}

LookLoop::Tally LookLoop::seen() const {
  std::lock_guard const lock(mutex_);
  return {loop_.good(), {}, fingerprints_};
}

std::string LookLoop::look() {
  Look look = look_();
  if (look.failure.empty()) {
    std::lock_guard const lock(mutex_);
    if (std::find(fingerprints_.begin(), fingerprints_.end(), look.fingerprint) ==
        fingerprints_.end())
      fingerprints_.push_back(look.fingerprint);
  }
  return std::move(look.failure);
}

}  // namespace certpivot::testing
