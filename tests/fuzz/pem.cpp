// Certificate file, key file and CA bundle, as a mount may hold them: PEM, DER or anything else.
// Encrypted keys of the seeds have the passphrase "secret".
#include "fuzz/pieces.hpp"

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  using namespace certpivot::testing;
  auto const pieces = split({reinterpret_cast<char const*>(data), size});
  judge_pieces({.certificate = pieces[0],
                .key = pieces[1],
                .ca = pieces[2],
                .passphrase = "secret",
                .anchors = pieces[2]});
  judge_pieces({.certificate = pieces[0], .anchors = pieces[2], .bundle = true});
  // Another CA bundle than before: intermediates for a root, as a rule.
  judge_pieces({.certificate = pieces[0],
                .key = pieces[1],
                .ca = pieces[2],
                .anchors = pieces[2],
                .ca_in_force = pieces[0]});
  return 0;
}
