// A key store, PKCS#12 or whatever else begins like DER, with a passphrase: passphrase, anchors,
// store.
#include "fuzz/pieces.hpp"

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  using namespace certpivot::testing;
  auto const [passphrase, anchors, store] = split({reinterpret_cast<char const*>(data), size});
  judge_pieces(
      {.certificate = store, .passphrase = passphrase, .anchors = anchors, .bundle = true});
  judge_pieces({.certificate = store, .anchors = anchors, .bundle = true});
  return 0;
}
