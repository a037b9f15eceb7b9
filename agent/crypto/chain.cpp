#include <algorithm>

#include "crypto/anchors.hpp"
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
    case X509_V_ERR_INVALID_CA:
      return ChainFault::not_an_authority;
    case X509_V_ERR_KEYUSAGE_NO_CERTSIGN:
      return ChainFault::may_not_sign;
    case X509_V_ERR_CERT_CHAIN_TOO_LONG:
      return ChainFault::too_long;
    case X509_V_ERR_PATH_LENGTH_EXCEEDED:
      return ChainFault::path_length;
    case X509_V_ERR_PERMITTED_VIOLATION:
    case X509_V_ERR_EXCLUDED_VIOLATION:
    case X509_V_ERR_SUBTREE_MINMAX:
    case X509_V_ERR_UNSUPPORTED_CONSTRAINT_TYPE:
    case X509_V_ERR_UNSUPPORTED_CONSTRAINT_SYNTAX:
    case X509_V_ERR_UNSUPPORTED_NAME_SYNTAX:
      return ChainFault::name_constraints;
    case X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION:
      return ChainFault::critical_extension;
    case X509_V_ERR_EC_KEY_EXPLICIT_PARAMS:
      return ChainFault::explicit_curve;
    case X509_V_ERR_CERT_REVOKED:
      return ChainFault::revoked;
    case X509_V_ERR_UNABLE_TO_GET_CRL:
      return ChainFault::crl_missing;
    case X509_V_ERR_CRL_HAS_EXPIRED:
      return ChainFault::crl_expired;
    case X509_V_ERR_CRL_NOT_YET_VALID:
      return ChainFault::crl_not_yet_valid;
    case X509_V_ERR_CRL_SIGNATURE_FAILURE:
    case X509_V_ERR_UNABLE_TO_DECRYPT_CRL_SIGNATURE:
    case X509_V_ERR_UNABLE_TO_GET_CRL_ISSUER:
    case X509_V_ERR_KEYUSAGE_NO_CRL_SIGN:
    case X509_V_ERR_UNHANDLED_CRITICAL_CRL_EXTENSION:
    case X509_V_ERR_DIFFERENT_CRL_SCOPE:
    case X509_V_ERR_CRL_PATH_VALIDATION_ERROR:
    case X509_V_ERR_ERROR_IN_CRL_LAST_UPDATE_FIELD:
    case X509_V_ERR_ERROR_IN_CRL_NEXT_UPDATE_FIELD:
      return ChainFault::crl_unusable;
    default:
      return ChainFault::other;
  }
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

// OpenSSL forgets the CRL that it is at once it has said that it is out of date.
std::optional<Crl> crl_of(X509_STORE_CTX* context, int depth,
                          std::vector<ChainProblem> const& earlier) {
  X509_CRL* const crl = X509_STORE_CTX_get0_current_crl(context);
  if (crl != nullptr && X509_CRL_up_ref(crl) == 1) {
    return Crl(std::shared_ptr<X509_CRL>(CrlHandle(crl)));
  }
  auto const same = std::find_if(earlier.begin(), earlier.end(), [&](ChainProblem const& one) {
    return one.depth == depth && one.crl;
  });
  return same == earlier.end() ? std::nullopt : same->crl;
}

// What a CRL says counts only where its issuer has signed it; and with one that cannot be used,
// OpenSSL misses one besides.
bool comes_of_unusable(ChainProblem const& problem, std::vector<ChainProblem> const& earlier) {
  return (problem.fault == ChainFault::revoked || problem.fault == ChainFault::crl_missing) &&
         std::any_of(earlier.begin(), earlier.end(), [&](ChainProblem const& one) {
           return one.fault == ChainFault::crl_unusable && one.depth == problem.depth;
         });
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
  if (is_about_revocation(problem.fault)) {
    // OpenSSL asks for a CRL about what the path ends in, too. An anchor is trusted by
    // configuration, and where the path is incomplete there is nobody to have signed one.
    bool const concerns_the_end = depth + 1 >= length;
    if (concerns_the_end || comes_of_unusable(problem, collected->problems)) return 1;
    if (problem.fault != ChainFault::crl_missing) {
      problem.crl = crl_of(context, depth, collected->problems);
    }
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

bool borrow(std::vector<Crl> const* crls, STACK_OF(X509_CRL) * list) {
  return crls == nullptr || std::all_of(crls->begin(), crls->end(), [&](Crl const& crl) {
           return sk_X509_CRL_push(list, crl.get()) > 0;
         });
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

bool is_about_revocation(ChainFault fault) {
  return fault >= ChainFault::revoked && fault <= ChainFault::crl_unusable;
}

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
