// A responder's answer about a leaf right below its anchor: leaf and key, anchor and its key,
// response.
#include "fuzz/pieces.hpp"
#include "support/ocsp_response.hpp"

namespace {

using namespace certpivot;

void judge_response(testing::Files files, crypto::Certificate const& leaf,
                    crypto::OcspRequest const& request, std::string_view response) {
  auto const status = request.read(response, testing::judged_at, {});
  if (!status) {
    testing::demand(!status.error().text().empty());
  } else if (!status->revoked) {
    testing::demand(status->this_update <= testing::judged_at);
    testing::demand(!status->next_update || testing::judged_at < *status->next_update);
  }
  files.answers = {{leaf, "http://ocsp.internal", status}};
  auto const verdict = testing::judge_pieces(files, {.revocation = settings::Revocation::ocsp});
  testing::demand(!verdict.accepted() || (status && !status->revoked));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  using namespace certpivot::testing;
  auto const [pair, anchor, response] = split({reinterpret_cast<char const*>(data), size});
  auto const leaf = crypto::read_certificate(pair);
  auto const issuer = crypto::read_certificate(anchor);
  if (!leaf || !issuer) return 0;
  auto const request = crypto::OcspRequest::make(*leaf, *issuer);
  demand(request.has_value());
  Files const files{.certificate = pair, .anchors = anchor, .bundle = true};
  judge_response(files, *leaf, *request, response);
  // What the issuer itself might have signed gets further.
  std::string const signed_response = response_signed_again(response, anchor);
  if (!signed_response.empty()) judge_response(files, *leaf, *request, signed_response);
  return 0;
}
