#include "crypto/chain.hpp"

#include <algorithm>

#include "crypto/chain_crls.hpp"
#include "crypto/failure.hpp"
#include "crypto/handle.hpp"
#include "crypto/names.hpp"
#include "crypto/path_search.hpp"
#include "crypto/strict.hpp"

namespace certpivot::crypto {
namespace {

// What Debian's OpenSSL asks of a server's own certificate; OpenSSL's default here is no check at
// all.
constexpr int security_level = 2;

// So many certificates may stand between leaf and anchor. GnuTLS follows no more than 16 in all;
// OpenSSL would verify a hundred signatures, which may be slow ones, whatever a file holds.
constexpr int most_between = 16;

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

bool is_about_validity(int error) {
  return error == X509_V_ERR_CERT_HAS_EXPIRED || error == X509_V_ERR_CERT_NOT_YET_VALID;
}

// OpenSSL may report a missing issuer by more than one code, and so it does where it has stopped to
// look for one.
bool same_cause(ChainProblem const& one, ChainProblem const& earlier) {
  bool const leads_nowhere =
      one.fault == ChainFault::untrusted || one.fault == ChainFault::incomplete;
  if (leads_nowhere && earlier.fault == ChainFault::too_long) return true;
  return one.fault == earlier.fault && one.depth == earlier.depth && one.strict == earlier.strict;
}

// One cause, one problem.
void collect(ChainProblem problem, std::vector<ChainProblem>& problems) {
  bool const known =
      std::any_of(problems.begin(), problems.end(),
                  [&](ChainProblem const& earlier) { return same_cause(problem, earlier); });
  if (!known) problems.push_back(std::move(problem));
}

ChainProblem problem_of(X509* certificate, int error, int depth, int length,
                        Anchors const& anchors) {
  ChainProblem problem{
      .fault = fault_of(error), .depth = depth, .why = X509_verify_cert_error_string(error)};
  if (certificate == nullptr) return problem;
  X509_NAME const* const issuer = X509_get_issuer_name(certificate);
  problem.subject = text_of(X509_get_subject_name(certificate));
  problem.issuer = text_of(issuer);
  problem.strict = strict_word(error, certificate, depth > 0 && depth + 1 < length);
  if (!problem.strict.empty()) problem.fault = ChainFault::strict;
  // OpenSSL counts a CA that may not sign as none, and says so once more when it has signed.
  bool const declared = (X509_get_extension_flags(certificate) & EXFLAG_CA) != 0;
  if (problem.fault == ChainFault::not_an_authority && declared) {
    problem.fault = ChainFault::may_not_sign;
  }
  if (problem.fault == ChainFault::incomplete && names_an_anchor(issuer, anchors)) {
    problem.fault = ChainFault::untrusted;
    problem.why = "an anchor has its issuer's name, but another key";
  }
  return problem;
}

bool is_anchored(X509_STORE_CTX* context) {
  return X509_STORE_CTX_get_num_untrusted(context) <
         sk_X509_num(X509_STORE_CTX_get0_chain(context));
}

// Called by OpenSSL for each certificate and each error; 1 goes on to the next. noexcept, because
// no exception may pass through C.
int note_and_continue(int good, X509_STORE_CTX* context) noexcept {
  if (good == 1) return 1;
  int const error = X509_STORE_CTX_get_error(context);
  int const depth = X509_STORE_CTX_get_error_depth(context);
  if (depth == 0 && is_about_validity(error)) return 1;
  auto* const collected = static_cast<Collected*>(X509_STORE_CTX_get_app_data(context));
  int const length = sk_X509_num(X509_STORE_CTX_get0_chain(context));
  X509* const certificate = X509_STORE_CTX_get_current_cert(context);
  ChainProblem problem = problem_of(certificate, error, depth, length, collected->anchors);
  problem.of_anchor = depth + 1 == length && is_anchored(context);
  if (is_about_revocation(problem.fault) &&
      !take_crl(context, depth + 1 >= length, collected->problems, problem)) {
    return 1;
  }
  collect(std::move(problem), collected->problems);
  return 1;
}

void set_rules(X509_STORE_CTX* context, WallTime now, bool with_crls) {
  X509_VERIFY_PARAM* const rules = X509_STORE_CTX_get0_param(context);
  auto const seconds = std::chrono::floor<std::chrono::seconds>(now);
  X509_VERIFY_PARAM_set_time(rules, seconds.time_since_epoch().count());
  X509_VERIFY_PARAM_set_depth(rules, most_between);
  X509_VERIFY_PARAM_set_auth_level(rules, security_level);
  X509_VERIFY_PARAM_set_flags(rules, X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_X509_STRICT);
  if (with_crls) {
    X509_VERIFY_PARAM_set_flags(rules, X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL);
  }
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

// The list borrows its elements, and is null where memory is short.
BorrowedCertificatesHandle list_without(std::vector<Certificate> const& certificates,
                                        std::vector<Certificate> const& left_out) {
  BorrowedCertificatesHandle list(sk_X509_new_null());
  for (Certificate const& one : certificates) {
    if (std::find(left_out.begin(), left_out.end(), one) != left_out.end()) continue;
    if (!list || sk_X509_push(list.get(), one.get()) <= 0) return nullptr;
  }
  return list;
}

ChainAnswer verify_without(ChainQuestion const& question,
                           std::vector<Certificate> const& left_out) {
  auto const helpers = list_without(question.intermediates, left_out);
  BorrowedCertificatesHandle trusted;
  StoreContextHandle const context(X509_STORE_CTX_new());
  if (!helpers || !context ||
      X509_STORE_CTX_init(context.get(), question.anchors.store(), question.leaf.get(),
                          helpers.get()) != 1) {
    return failed();
  }
  if (!left_out.empty()) {
    trusted = list_without(question.anchors.certificates(), left_out);
    if (!trusted) return failed();
    X509_STORE_CTX_set0_trusted_stack(context.get(), trusted.get());
  }
  set_rules(context.get(), question.now, question.crls != nullptr);
  BorrowedCrlsHandle const crls(sk_X509_CRL_new_null());
  if (!crls || !borrow(question.crls, crls.get())) return failed();
  X509_STORE_CTX_set0_crls(context.get(), crls.get());
  Collected collected{question.anchors};
  X509_STORE_CTX_set_app_data(context.get(), &collected);
  X509_STORE_CTX_set_verify_cb(context.get(), note_and_continue);
  // With every error noted and passed over, what is left to fail is the verification itself.
  if (X509_verify_cert(context.get()) != 1 && collected.problems.empty()) return failed();
  forget_failures();
  return {std::move(collected.problems), path_of(context.get()), is_anchored(context.get())};
}

}  // namespace

std::span<Certificate const> ChainAnswer::intermediates() const {
  std::span<Certificate const> const all = path;
  std::size_t const ends = anchored ? 2 : 1;
  return all.size() <= ends ? std::span<Certificate const>() : all.subspan(1, all.size() - ends);
}

ChainAnswer verify_chain(ChainQuestion const& question) {
  ChainAnswer first = verify_without(question, {});
  if (first.problems.empty()) return first;
  return best_path(question, std::move(first), [&](std::vector<Certificate> const& left_out) {
    return verify_without(question, left_out);
  });
}

}  // namespace certpivot::crypto
