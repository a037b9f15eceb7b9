#include "crypto/chain_fault.hpp"

#include <openssl/x509_vfy.h>

namespace certpivot::crypto {

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
    case X509_V_ERR_UNSPECIFIED:
      return ChainFault::too_many_names;
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

bool is_about_revocation(ChainFault fault) {
  return fault >= ChainFault::revoked && fault <= ChainFault::crl_unusable;
}

}  // namespace certpivot::crypto
