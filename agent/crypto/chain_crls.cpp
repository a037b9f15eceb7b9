#include "crypto/chain_crls.hpp"

#include <algorithm>

namespace certpivot::crypto {
namespace {

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

}  // namespace

bool borrow(std::vector<Crl> const* crls, STACK_OF(X509_CRL) * list) {
  return crls == nullptr || std::all_of(crls->begin(), crls->end(), [&](Crl const& crl) {
           return sk_X509_CRL_push(list, crl.get()) > 0;
         });
}

bool take_crl(X509_STORE_CTX* context, bool at_the_end, std::vector<ChainProblem> const& earlier,
              ChainProblem& problem) {
  // OpenSSL asks for a CRL about what the path ends in, too. An anchor is trusted by configuration,
  // and where the path is incomplete there is nobody to have signed one.
  if (at_the_end || comes_of_unusable(problem, earlier)) return false;
  if (problem.fault != ChainFault::crl_missing) {
    problem.crl = crl_of(context, problem.depth, earlier);
  }
  return true;
}

}  // namespace certpivot::crypto
