#include "support/openssl.hpp"

#include <algorithm>
#include <stdexcept>

#include <openssl/err.h>
#include <openssl/pem.h>

namespace certpivot::testing {

using namespace certpivot::crypto;

void give_up(char const* step) {
  char const* const reason = ERR_reason_error_string(ERR_get_error());
  throw std::runtime_error(std::string(step) + ": " + (reason != nullptr ? reason : "failed"));
}

BioHandle reader(std::string const& text) {
  return BioHandle(made(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), "BIO"));
}
BioHandle writer() { return BioHandle(made(BIO_new(BIO_s_mem()), "BIO")); }
std::string written(BioHandle const& bio) {
  char* data = nullptr;
  long const size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

KeyHandle parsed_key(std::string const& pem) {
  return KeyHandle(
      made(PEM_read_bio_PrivateKey(reader(pem).get(), nullptr, nullptr, nullptr), "key"));
}

CertificateHandle parsed_certificate(std::string const& pem) {
  return CertificateHandle(
      made(PEM_read_bio_X509(reader(pem).get(), nullptr, nullptr, nullptr), "certificate"));
}

std::string serial_of(X509* certificate) {
  NumberHandle const number(
      made(ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), nullptr), "serial"));
  std::string text = TextHandle(made(BN_bn2hex(number.get()), "serial")).get();
  return text.erase(0, std::min(text.find_first_not_of('0'), text.size() - 1));
}

std::time_t seconds(WallTime time) {
  return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

}  // namespace certpivot::testing
