#pragma once

// For the .cpp files of this folder and of tests/support.
#include <openssl/pkcs12.h>

#include "crypto/handle.hpp"

namespace certpivot::crypto {

inline void release_safes(STACK_OF(PKCS7) * list) { sk_PKCS7_pop_free(list, PKCS7_free); }
inline void release_bags(STACK_OF(PKCS12_SAFEBAG) * list) {
  sk_PKCS12_SAFEBAG_pop_free(list, PKCS12_SAFEBAG_free);
}

using StoreFileHandle = Handle<PKCS12, PKCS12_free>;
using SafesHandle = Handle<STACK_OF(PKCS7), release_safes>;
using BagsHandle = Handle<STACK_OF(PKCS12_SAFEBAG), release_bags>;

}  // namespace certpivot::crypto
