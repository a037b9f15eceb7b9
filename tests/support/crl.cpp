#include "support/crl.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>

#include "support/openssl.hpp"

namespace certpivot::testing {
namespace {

using namespace certpivot::crypto;

using TimeHandle = Handle<ASN1_TIME, ASN1_TIME_free>;
using IntegerHandle = Handle<ASN1_INTEGER, ASN1_INTEGER_free>;
using RevokedHandle = Handle<X509_REVOKED, X509_REVOKED_free>;
using EnumeratedHandle = Handle<ASN1_ENUMERATED, ASN1_ENUMERATED_free>;

TimeHandle time_of(WallTime time) {
  return TimeHandle(made(ASN1_TIME_set(nullptr, seconds(time)), "time"));
}

IntegerHandle integer_of(long value) {
  IntegerHandle integer(made(ASN1_INTEGER_new(), "integer"));
  done(ASN1_INTEGER_set(integer.get(), value), "integer");
  return integer;
}

void add_entry(X509_CRL* crl, CrlEntry const& entry) {
  RevokedHandle revoked(made(X509_REVOKED_new(), "entry"));
  BIGNUM* number = nullptr;
  done(BN_hex2bn(&number, entry.serial.c_str()), "serial");
  NumberHandle const owner(number);
  IntegerHandle const serial(made(BN_to_ASN1_INTEGER(number, nullptr), "serial"));
  done(X509_REVOKED_set_serialNumber(revoked.get(), serial.get()), "serial");
  done(X509_REVOKED_set_revocationDate(revoked.get(), time_of(entry.at).get()), "date");
  if (entry.reason) {
    EnumeratedHandle const reason(made(ASN1_ENUMERATED_new(), "reason"));
    done(ASN1_ENUMERATED_set(reason.get(), *entry.reason), "reason");
    done(X509_REVOKED_add1_ext_i2d(revoked.get(), NID_crl_reason, reason.get(), 0, 0), "reason");
  }
  done(X509_CRL_add0_revoked(crl, revoked.release()), "entry");
}

void add_crl_extension(X509_CRL* crl, X509* issuer, int id, std::string const& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, nullptr, nullptr, crl, 0);
  ExtensionHandle const extension(
      made(X509V3_EXT_conf_nid(nullptr, &context, id, value.c_str()), "extension"));
  done(X509_CRL_add_ext(crl, extension.get(), -1), "extension");
}

}  // namespace

std::string crl(Authority const& issuer, CrlOptions const& options) {
  CertificateHandle const certificate = parsed_certificate(issuer.pem());
  Authority const& signer = options.signed_by != nullptr ? *options.signed_by : issuer;
  CrlHandle const list(made(X509_CRL_new(), "CRL"));
  done(X509_CRL_set_version(list.get(), X509_CRL_VERSION_2), "version");
  done(X509_CRL_set_issuer_name(list.get(), X509_get_subject_name(certificate.get())), "issuer");
  auto const from = options.this_update.value_or(from_now(std::chrono::hours(-1)));
  done(X509_CRL_set1_lastUpdate(list.get(), time_of(from).get()), "this update");
  auto const until = options.next_update.value_or(from_now(std::chrono::hours(24)));
  if (!options.without_next_update)
    done(X509_CRL_set1_nextUpdate(list.get(), time_of(until).get()), "next update");
  for (CrlEntry const& entry : options.entries) add_entry(list.get(), entry);
  done(X509_CRL_add1_ext_i2d(list.get(), NID_crl_number, integer_of(options.number).get(), 0, 0),
       "number");
  if (options.delta_of)
    done(
        X509_CRL_add1_ext_i2d(list.get(), NID_delta_crl, integer_of(*options.delta_of).get(), 1, 0),
        "base number");
  if (!options.scope.empty())
    add_crl_extension(list.get(), certificate.get(), NID_issuing_distribution_point,
                      "critical," + options.scope);
  add_crl_extension(list.get(), certificate.get(), NID_authority_key_identifier, "keyid");
  done(X509_CRL_sign(list.get(), parsed_key(signer.key_pem()).get(), EVP_sha256()), "signature");
  BioHandle const bio = writer();
  done(PEM_write_bio_X509_CRL(bio.get(), list.get()), "CRL as PEM");
  return written(bio);
}

std::string crl_signed_again(std::string_view der, std::string_view key_pem) {
  auto const* at = reinterpret_cast<unsigned char const*>(der.data());
  CrlHandle const list(d2i_X509_CRL(nullptr, &at, static_cast<long>(der.size())));
  BioHandle const bio = writer();
  bool const good =
      list && X509_CRL_sign(list.get(), parsed_key(std::string(key_pem)).get(), EVP_sha256()) > 0 &&
      i2d_X509_CRL_bio(bio.get(), list.get()) == 1;
  ERR_clear_error();
  return good ? written(bio) : std::string();
}

std::string serial_of(std::string const& certificate_pem) {
  return serial_of(parsed_certificate(certificate_pem).get());
}

}  // namespace certpivot::testing
