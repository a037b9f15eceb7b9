#include "crypto/anchors.hpp"

#include <algorithm>

#include "crypto/decoded_size.hpp"
#include "crypto/der.hpp"
#include "crypto/failure.hpp"
#include "crypto/handle.hpp"
#include "crypto/pem.hpp"
#include "crypto/recode.hpp"

namespace certpivot::crypto {
namespace {

Result<std::vector<Certificate>> certificates_in(std::string_view bundle) {
  auto const blocks = certificate_blocks(bundle);
  if (!blocks) return fail(blocks.error());
  if (auto const fault = too_much(bundle.size(), *blocks, Anchors::most))
    return fail(fault->why, {}, {}, "leave in it what is needed");
  std::vector<Certificate> certificates;
  for (std::string_view const block : *blocks) {
    auto certificate = read_certificate(block);
    if (!certificate) {
      Error error = certificate.error();
      error.what += " number " + std::to_string(certificates.size() + 1);
      return fail(std::move(error));
    }
    certificates.push_back(*std::move(certificate));
  }
  return certificates;
}

Result<std::vector<Certificate>> certificates_of(std::string_view bundle) {
  if (!looks_like_der(bundle)) return certificates_in(bundle);
  auto const pem = pem_of_der_certificate(bundle);
  if (!pem) return fail("cannot decode it", {}, pem.error().why, "give certificates in PEM");
  return certificates_in(pem->view());
}

}  // namespace

Result<std::shared_ptr<Anchors const>> Anchors::from_bundle(std::string_view bundle) {
  auto certificates = certificates_of(bundle);
  if (!certificates) return fail(certificates.error());
  if (certificates->empty()) {
    return fail("there is no certificate in it", {}, {}, "give a file of certificates in PEM");
  }
  StoreHandle store(X509_STORE_new());
  if (!store) return fail_openssl("cannot make a certificate store");
  X509_STORE_set_flags(store.get(), X509_V_FLAG_PARTIAL_CHAIN);
  for (Certificate const& certificate : *certificates) {
    if (X509_STORE_add_cert(store.get(), certificate.get()) != 1) {
      return fail_openssl("cannot trust " + certificate.subject());
    }
  }
  return std::make_shared<Anchors const>(std::shared_ptr<X509_STORE>(std::move(store)),
                                         *std::move(certificates), digest({bundle}));
}

bool Anchors::contain(Certificate const& certificate) const {
  return std::find(certificates_.begin(), certificates_.end(), certificate) != certificates_.end();
}

}  // namespace certpivot::crypto
