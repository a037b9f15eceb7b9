#include "crypto/tls_session.hpp"

#include <array>
#include <utility>

#include <openssl/err.h>

#include "base/ip_address.hpp"
#include "crypto/failure.hpp"
#include "crypto/handle.hpp"
#include "crypto/pem.hpp"
#include "crypto/private_key.hpp"

namespace certpivot::crypto {
namespace {

// OpenSSL 3.0 has no words for the alert that RFC 8446 section 6.2 added.
std::string alert_in_words(int alert) {
  char const* const words = alert == SSL_AD_CERTIFICATE_REQUIRED
                                ? "certificate required"
                                : SSL_alert_desc_string_long(alert);
  return std::string("the server sent the alert \"") + words + '"';
}

// RFC 9525: the subject's common name never counts, and a wildcard is one whole label.
constexpr unsigned name_rules =
    X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS;
// As for what we publish ourselves: see crypto/chain.hpp.
constexpr int level_of_verified = 2;

bool ask_for(SSL* connection, std::string name) {
  // RFC 6066 section 3: no literal addresses in the server name extension.
  if (name.empty() || is_ip_address(name)) return true;
  // The macro SSL_set_tlsext_host_name(3) is this call with an old-style cast in it.
  return SSL_ctrl(connection, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                  name.data()) == 1;
}

}  // namespace

// What OpenSSL calls back; `session` comes along as the application's data.
struct TlsSession::Callbacks {
  static TlsSession& session(SSL const* connection) {
    return *static_cast<TlsSession*>(SSL_get_app_data(connection));
  }

  // In the place of the chain's verification, on every handshake, before the server goes on.
  static int chain_shown(X509_STORE_CTX* context, void*) {
    int const index = SSL_get_ex_data_X509_STORE_CTX_idx();
    auto const* connection = static_cast<SSL*>(X509_STORE_CTX_get_ex_data(context, index));
    auto& chain = session(connection).chain_;
    chain.clear();
    STACK_OF(X509)* const sent = X509_STORE_CTX_get0_untrusted(context);
    for (int i = 0; i < sk_X509_num(sent); ++i) {
      X509* const certificate = sk_X509_value(sent, i);
      X509_up_ref(certificate);
      chain.emplace_back(std::shared_ptr<X509>(certificate, X509_free));
    }
    return session(connection).verified_ ? X509_verify_cert(context) : 1;
  }

  // On a client it is called only where the server has sent a CertificateRequest.
  static int certificate_wanted(SSL* connection, void*) {
    session(connection).certificate_wanted_ = true;
    return 1;
  }

  static void message(int written, int, int content, void const* bytes, std::size_t size,
                      SSL* connection, void*) {
    if (written != 0 || content != SSL3_RT_HANDSHAKE || size == 0) return;
    if (*static_cast<unsigned char const*>(bytes) == SSL3_MT_NEWSESSION_TICKET) {
      session(connection).ticket_came_ = true;
    }
  }
};

void TlsSession::FreeConnection::operator()(ssl_st* connection) const { SSL_free(connection); }

TlsSession::~TlsSession() = default;

Result<std::unique_ptr<TlsSession>> TlsSession::create(TlsOptions const& options) {
  bool const verified = options.anchors != nullptr;
  ContextHandle const context(SSL_CTX_new(TLS_client_method()));
  if (!context) return fail_openssl("cannot prepare a TLS handshake");
  // A context of its own and no cache: nothing that an earlier handshake left can be resumed.
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
  SSL_CTX_set_security_level(context.get(), verified ? level_of_verified : 0);
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_max_proto_version(context.get(), 0);
  SSL_CTX_set_cert_verify_callback(context.get(), &Callbacks::chain_shown, nullptr);
  SSL_CTX_set_cert_cb(context.get(), &Callbacks::certificate_wanted, nullptr);
  SSL_CTX_set_msg_callback(context.get(), &Callbacks::message);

  std::unique_ptr<TlsSession> session(new TlsSession);
  session->connection_.reset(SSL_new(context.get()));
  BioHandle input(BIO_new(BIO_s_mem()));
  BioHandle output(BIO_new(BIO_s_mem()));
  SSL* const connection = session->connection_.get();
  if (connection == nullptr || !input || !output) {
    return fail_openssl("cannot prepare a TLS handshake");
  }
  SSL_set_bio(connection, input.release(), output.release());
  SSL_set_app_data(connection, session.get());
  SSL_set_verify(connection, verified ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, nullptr);
  SSL_set_connect_state(connection);
  if (!ask_for(connection, options.server_name) || (verified && !session->verify(options))) {
    return fail_openssl("cannot ask for the server name", options.server_name);
  }
  if (options.pair != nullptr) {
    auto offered = session->offer(*options.pair);
    if (!offered) return fail(std::move(offered.error()));
  }
  return session;
}

bool TlsSession::verify(TlsOptions const& options) {
  X509_VERIFY_PARAM* const rules = SSL_get0_param(connection_.get());
  X509_VERIFY_PARAM_set_hostflags(rules, name_rules);
  std::string const& name = options.server_name;
  verified_ = true;
  return !name.empty() &&
         SSL_set1_verify_cert_store(connection_.get(), options.anchors->store()) == 1 &&
         (is_ip_address(name) ? X509_VERIFY_PARAM_set1_ip_asc(rules, name.c_str())
                              : X509_VERIFY_PARAM_set1_host(rules, name.c_str(), 0)) == 1;
}

Result<void> TlsSession::offer(ClientPair const& pair) {
  static constexpr char const* what = "cannot offer the pair as client certificate";
  auto const certificates = certificate_blocks(pair.certificate_pem);
  if (!certificates) return fail(certificates.error());
  bool leaf_set = false;
  for (std::string_view const block : *certificates) {
    auto const certificate = read_certificate(block);
    if (!certificate) return fail(certificate.error());
    int const done =
        leaf_set ? static_cast<int>(SSL_add1_chain_cert(connection_.get(), certificate->get()))
                 : SSL_use_certificate(connection_.get(), certificate->get());
    if (done != 1) return fail_openssl(what);
    leaf_set = true;
  }
  auto const keys = private_key_blocks(pair.key_pem.view());
  if (!keys) return fail(keys.error());
  if (keys->empty()) return fail(what, {}, "there is no private key in it");
  auto const key = read_private_key(keys->front());
  if (!key) return fail(what, {}, key.error().why);
  if (SSL_use_PrivateKey(connection_.get(), key->get()) != 1) return fail_openssl(what);
  return {};
}

void TlsSession::feed(std::span<std::byte const> from_server) {
  // A memory BIO grows as it must; it fails only without memory.
  BIO_write(SSL_get_rbio(connection_.get()), from_server.data(),
            static_cast<int>(from_server.size()));
}

std::string TlsSession::take_output() {
  BIO* const output = SSL_get_wbio(connection_.get());
  std::string bytes(BIO_ctrl_pending(output), '\0');
  if (!bytes.empty()) BIO_read(output, bytes.data(), static_cast<int>(bytes.size()));
  return bytes;
}

Step TlsSession::handshake() {
  forget_failures();
  return step_after(SSL_do_handshake(connection_.get()));
}

Step TlsSession::hear() {
  forget_failures();
  char byte = 0;
  Step const step = step_after(SSL_read(connection_.get(), &byte, 1));
  return step == Step::wants_input && ticket_came_ ? Step::done : step;
}

void TlsSession::write(std::string_view bytes) {
  forget_failures();
  // The output grows as it must, so nothing is left over.
  if (!bytes.empty()) SSL_write(connection_.get(), bytes.data(), static_cast<int>(bytes.size()));
}

Step TlsSession::read(std::string& bytes) {
  std::array<char, 16384> piece{};
  for (;;) {
    forget_failures();
    int const got = SSL_read(connection_.get(), piece.data(), static_cast<int>(piece.size()));
    if (got <= 0) return step_after(got);
    bytes.append(piece.data(), static_cast<std::size_t>(got));
  }
}

Step TlsSession::step_after(int result) {
  if (result == 1) return Step::done;
  switch (SSL_get_error(connection_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      return Step::wants_input;
    case SSL_ERROR_ZERO_RETURN:
      return Step::done;
    default:
      explain_failure();
      return Step::failed;
  }
}

void TlsSession::explain_failure() {
  unsigned long const code = ERR_peek_error();
  int const reason = ERR_GET_REASON(code);
  if (ERR_GET_LIB(code) == ERR_LIB_SSL && reason > SSL_AD_REASON_OFFSET) {
    ended_by_alert_ = true;
    failure_ = alert_in_words(reason - SSL_AD_REASON_OFFSET);
  } else if (ERR_GET_LIB(code) == ERR_LIB_SSL && chain_.empty() &&
             (reason == SSL_R_WRONG_VERSION_NUMBER || reason == SSL_R_PACKET_LENGTH_TOO_LONG)) {
    failure_ = "what answers there does not speak TLS";
  } else if (ERR_GET_LIB(code) == ERR_LIB_SSL && reason == SSL_R_CERTIFICATE_VERIFY_FAILED) {
    long const cause = SSL_get_verify_result(connection_.get());
    failure_ = "its certificate, for \"" + (chain_.empty() ? "" : chain_.front().subject()) +
               "\", is not to be trusted: " + X509_verify_cert_error_string(cause);
  } else {
    failure_ = take_failure();
  }
  forget_failures();
}

void TlsSession::say_goodbye() {
  SSL_shutdown(connection_.get());
  forget_failures();
}

std::string TlsSession::protocol() const { return SSL_get_version(connection_.get()); }

bool TlsSession::judged_later() const { return SSL_version(connection_.get()) == TLS1_3_VERSION; }

}  // namespace certpivot::crypto
