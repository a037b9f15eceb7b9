#include <algorithm>

#include "crypto/anchors.hpp"
#include "crypto/failure.hpp"
#include "crypto/handle.hpp"
#include "crypto/names.hpp"

namespace certpivot::crypto {
namespace {

// What Debian's OpenSSL asks of a server's own certificate; OpenSSL's default here is no check at
// all.
constexpr int security_level = 2;

struct Collected {
  Anchors const& anchors;
  std::vector<ChainProblem> problems = {};
};

bool names_an_anchor(X509_NAME const* name, Anchors const& anchors) {
  auto const& all = anchors.certificates();
  return std::any_of(all.begin(), all.end(), [&](Certificate const& anchor) {
    return X509_NAME_cmp(X509_get_subject_name(anchor.get()), name) == 0;
  });
}

ChainFault fault_of(int error) {
  switch (error) {
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
      return ChainFault::incomplete;
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:
    case X509_V_ERR_UNABLE_TO_DECRYPT_CERT_SIGNATURE:
    case X509_V_ERR_UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY:
    case X509_V_ERR_CERT_UNTRUSTED:
    case X509_V_ERR_CERT_REJECTED:
      return ChainFault::untrusted;
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return ChainFault::expired;
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return ChainFault::not_yet_valid;
    case X509_V_ERR_EE_KEY_TOO_SMALL:
    case X509_V_ERR_CA_KEY_TOO_SMALL:
      return ChainFault::weak_key;
    case X509_V_ERR_CA_MD_TOO_WEAK:
      return ChainFault::weak_signature;
    default:
      return ChainFault::other;
  }
}

bool is_about_validity(int error) {
  return error == X509_V_ERR_CERT_HAS_EXPIRED || error == X509_V_ERR_CERT_NOT_YET_VALID;
}

// One cause, one problem: OpenSSL may report a missing issuer by more than one code.
void collect(ChainProblem problem, std::vector<ChainProblem>& problems) {
  bool const known =
      std::any_of(problems.begin(), problems.end(), [&](ChainProblem const& earlier) {
        return earlier.fault == problem.fault && earlier.depth == problem.depth;
      });
  if (!known) problems.push_back(std::move(problem));
}

ChainProblem problem_of(X509 const* certificate, int error, int depth, Anchors const& anchors) {
  ChainProblem problem{
      .fault = fault_of(error), .depth = depth, .why = X509_verify_cert_error_string(error)};
  if (certificate == nullptr) return problem;
  X509_NAME const* const issuer = X509_get_issuer_name(certificate);
  problem.subject = text_of(X509_get_subject_name(certificate));
  problem.issuer = text_of(issuer);
  if (problem.fault == ChainFault::incomplete && names_an_anchor(issuer, anchors)) {
    problem.fault = ChainFault::untrusted;
    problem.why = "an anchor has its issuer's name, but another key";
  }
  return problem;
}

// Called by OpenSSL for each certificate and each error; 1 goes on to the next. noexcept, because
// no exception may pass through C.
int note_and_continue(int good, X509_STORE_CTX* context) noexcept {
  if (good == 1) return 1;
  int const error = X509_STORE_CTX_get_error(context);
  int const depth = X509_STORE_CTX_get_error_depth(context);
  if (depth == 0 && is_about_validity(error)) return 1;
  auto* const collected = static_cast<Collected*>(X509_STORE_CTX_get_app_data(context));
  X509 const* const certificate = X509_STORE_CTX_get_current_cert(context);
  collect(problem_of(certificate, error, depth, collected->anchors), collected->problems);
  return 1;
}

void set_rules(X509_STORE_CTX* context, WallTime now) {
  X509_VERIFY_PARAM* const rules = X509_STORE_CTX_get0_param(context);
  auto const seconds = std::chrono::floor<std::chrono::seconds>(now);
  X509_VERIFY_PARAM_set_time(rules, seconds.time_since_epoch().count());
  X509_VERIFY_PARAM_set_auth_level(rules, security_level);
  X509_VERIFY_PARAM_set_flags(rules, X509_V_FLAG_PARTIAL_CHAIN);
}

std::vector<Certificate> path_of(X509_STORE_CTX* context) {
  std::vector<Certificate> path;
  STACK_OF(X509)* const chain = X509_STORE_CTX_get0_chain(context);
  for (int i = 0; i < sk_X509_num(chain); ++i) {
    X509* const certificate = sk_X509_value(chain, i);
    X509_up_ref(certificate);
    path.emplace_back(std::shared_ptr<X509>(CertificateHandle(certificate)));
  }
  return path;
}

ChainAnswer failed() { return {{{.why = take_failure()}}, {}}; }

}  // namespace

ChainAnswer verify_chain(ChainQuestion const& question) {
  BorrowedCertificatesHandle const helpers(sk_X509_new_null());
  StoreContextHandle const context(X509_STORE_CTX_new());
  if (!helpers || !context) return failed();
  for (Certificate const& one : question.intermediates) {
    if (sk_X509_push(helpers.get(), one.get()) <= 0) return failed();
  }
  if (X509_STORE_CTX_init(context.get(), question.anchors.store(), question.leaf.get(),
                          helpers.get()) != 1) {
    return failed();
  }
  set_rules(context.get(), question.now);
  Collected collected{question.anchors};
  X509_STORE_CTX_set_app_data(context.get(), &collected);
  X509_STORE_CTX_set_verify_cb(context.get(), note_and_continue);
  // With every error noted and passed over, what is left to fail is the verification itself.
  if (X509_verify_cert(context.get()) != 1 && collected.problems.empty()) return failed();
  forget_failures();
  return {std::move(collected.problems), path_of(context.get())};
}

}  // namespace certpivot::crypto
