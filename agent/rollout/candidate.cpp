#include "rollout/candidate.hpp"

#include "crypto/certificate.hpp"
#include "crypto/crl.hpp"
#include "crypto/library.hpp"
#include "trust/bundle.hpp"

namespace certpivot::rollout {

publish::Content Candidate::content() const {
  publish::Content content;
  content.certificate = verdict.certificate_pem;
  content.key = verdict.key_pem.empty()
                    ? snapshot.key.bytes.view().substr(verdict.key_begin, verdict.key_size)
                    : verdict.key_pem.view();
  if (!ca_pem.empty())
    content.ca = ca_pem;
  else if (!verdict.ca_pem.empty())
    content.ca = verdict.ca_pem;
  else if (snapshot.ca)
    content.ca = snapshot.ca->bytes.view();
  if (snapshot.crl)
    content.crl = verdict.crl_pem.empty() ? snapshot.crl->bytes.view() : verdict.crl_pem;
  content.extras = extras;
  return content;
}

publish::Content BundleAlone::content() const {
  publish::Content content = in_force.view();
  content.ca.reset();
  if (!ca_pem.empty()) content.ca = ca_pem;
  return content;
}

std::string digest_of(publish::Content const& content) {
  std::string const ca = trust::without_times(content.ca.value_or(""));
  std::vector<std::string_view> pieces{content.certificate, content.key, ca,
                                       content.crl.value_or("")};
  pieces.insert(pieces.end(), content.extras.begin(), content.extras.end());
  return crypto::digest(pieces);
}

BundleInForce bundle_of(publish::Content const& content) {
  BundleInForce bundle;
  if (content.ca) {
    bundle.digest = trust::bundle_digest(trust::own_part(*content.ca));
    bundle.kept_until = trust::kept_until(*content.ca);
  }
  if (content.crl) bundle.crl_digest = crypto::digest({*content.crl});
  auto const crls =
      content.crl ? crypto::read_crls(*content.crl) : Result<std::vector<crypto::Crl>>();
  if (!crls) return bundle;
  for (crypto::Crl const& crl : *crls)
    if (auto const end = crl.next_update()) bundle.crl_ends.push_back({crl.issuer(), *end});
  return bundle;
}

}  // namespace certpivot::rollout
