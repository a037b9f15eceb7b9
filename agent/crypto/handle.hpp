#pragma once

// For the .cpp files of this folder and of tests/support: nothing else sees OpenSSL's headers.
#include <memory>

#include <openssl/bio.h>
#include <openssl/decoder.h>
#include <openssl/evp.h>
#include <openssl/ocsp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

namespace certpivot::crypto {

/// Frees an OpenSSL object with the function that belongs to its type.
template <auto release>
struct Release {
  template <class T>
  void operator()(T* object) const {
    release(object);
  }
};

template <class T, auto release>
using Handle = std::unique_ptr<T, Release<release>>;

// The elements of these lists belong to the list.
inline void release_certificates(STACK_OF(X509) * list) { sk_X509_pop_free(list, X509_free); }
inline void release_names(STACK_OF(GENERAL_NAME) * list) {
  sk_GENERAL_NAME_pop_free(list, GENERAL_NAME_free);
}
// The elements of this list belong to somebody else.
inline void release_list(STACK_OF(X509) * list) { sk_X509_free(list); }
inline void release_crl_list(STACK_OF(X509_CRL) * list) { sk_X509_CRL_free(list); }
inline void release_text(char* text) { OPENSSL_free(text); }

using BioHandle = Handle<BIO, BIO_free_all>;
using CertificateHandle = Handle<X509, X509_free>;
using CertificatesHandle = Handle<STACK_OF(X509), release_certificates>;
using BorrowedCertificatesHandle = Handle<STACK_OF(X509), release_list>;
using CrlHandle = Handle<X509_CRL, X509_CRL_free>;
using BorrowedCrlsHandle = Handle<STACK_OF(X509_CRL), release_crl_list>;
using NamesHandle = Handle<STACK_OF(GENERAL_NAME), release_names>;
using ExtensionHandle = Handle<X509_EXTENSION, X509_EXTENSION_free>;
using NumberHandle = Handle<BIGNUM, BN_free>;
using TextHandle = Handle<char, release_text>;
using KeyHandle = Handle<EVP_PKEY, EVP_PKEY_free>;
using DigestHandle = Handle<EVP_MD_CTX, EVP_MD_CTX_free>;
using DecoderHandle = Handle<OSSL_DECODER_CTX, OSSL_DECODER_CTX_free>;
using OcspRequestHandle = Handle<OCSP_REQUEST, OCSP_REQUEST_free>;
using OcspResponseHandle = Handle<OCSP_RESPONSE, OCSP_RESPONSE_free>;
using BasicResponseHandle = Handle<OCSP_BASICRESP, OCSP_BASICRESP_free>;
using CertificateIdHandle = Handle<OCSP_CERTID, OCSP_CERTID_free>;
using StoreHandle = Handle<X509_STORE, X509_STORE_free>;
using StoreContextHandle = Handle<X509_STORE_CTX, X509_STORE_CTX_free>;
using ContextHandle = Handle<SSL_CTX, SSL_CTX_free>;
using ConnectionHandle = Handle<SSL, SSL_free>;

}  // namespace certpivot::crypto
