// A file of CRLs, PEM or DER, for a leaf right below its anchor: leaf and key, anchor and its key,
// CRLs.
#include "support/crl.hpp"

#include "fuzz/pieces.hpp"

namespace {

using namespace certpivot;

// One CRL says all there is to say about a leaf right below its anchor: where it lists the leaf, or
// was lost on the way into what is published, the verdict must not be "accepted".
void demand_heeded(std::string_view crl, trust::Verdict const& verdict) {
  if (!verdict.accepted()) return;
  auto const crls = crypto::read_crls(crl);
  testing::demand(crls.has_value());
  auto const leaf = crypto::read_certificate(verdict.certificate_pem);
  testing::demand(leaf.has_value());
  testing::demand(crls->size() > 1 || !crls->front().entry_of(*leaf));
  if (verdict.crl_pem.empty()) return;
  auto const published = crypto::read_crls(verdict.crl_pem);
  testing::demand(published && published->size() == crls->size());
  testing::demand(published->front().count() == crls->front().count());
  testing::demand(published->front().this_update() == crls->front().this_update());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  using namespace certpivot::testing;
  auto const [pair, anchor, crl] = split({reinterpret_cast<char const*>(data), size});
  settings::Trust const rules{.revocation = settings::Revocation::crl};
  Files files{.certificate = pair, .crl = crl, .anchors = anchor, .bundle = true};
  demand_heeded(crl, judge_pieces(files, rules));
  // What the CA itself might have signed gets further.
  std::string const signed_crl = crl_signed_again(crl, anchor);
  if (signed_crl.empty()) return 0;
  files.crl = signed_crl;
  demand_heeded(signed_crl, judge_pieces(files, rules));
  return 0;
}
