#include "rollout/candidate.hpp"

#include "crypto/certificate.hpp"

namespace certpivot::rollout {

publish::Content Candidate::content() const {
  publish::Content content;
  content.certificate = verdict.certificate_pem;
  content.key = snapshot.key.bytes.view().substr(verdict.key_begin, verdict.key_size);
  if (snapshot.ca) content.ca = snapshot.ca->bytes.view();
  if (snapshot.crl) content.crl = snapshot.crl->bytes.view();
  return content;
}

std::string digest_of(publish::Content const& content) {
  return crypto::digest(
      {content.certificate, content.key, content.ca.value_or(""), content.crl.value_or("")});
}

}  // namespace certpivot::rollout
