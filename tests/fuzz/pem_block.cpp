// How libFuzzer changes PEM: every other time inside of a block, where base64 would hide from it
// what it changes, and else anywhere.
#include <exception>

#include "fuzz/pieces.hpp"
#include "support/pki.hpp"
#include "support/sealed.hpp"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);

namespace {

using namespace certpivot;

/// The input with other DER in one of its blocks; empty where there is no block, or none to decode.
std::string with_other_der(std::string_view input, unsigned choice) try {
  static constexpr std::size_t most_added = 256;
  auto const blocks = crypto::pem_blocks(input);
  if (!blocks || blocks->empty()) return {};
  crypto::PemBlock const& block = (*blocks)[choice % blocks->size()];
  std::string der = testing::der_of(std::string(input.substr(block.begin, block.size)));
  std::size_t const size = der.size();
  der.resize(size + most_added);
  der.resize(LLVMFuzzerMutate(reinterpret_cast<std::uint8_t*>(der.data()), size, der.size()));
  return std::string(input.substr(0, block.begin)) +
         testing::pem_of(std::string(block.label), der) +
         std::string(input.substr(block.begin + block.size));
} catch (std::exception const&) {
  return {};
}

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t most, unsigned seed) {
  if (seed % 2 == 0) return LLVMFuzzerMutate(data, size, most);
  std::string const changed = with_other_der({reinterpret_cast<char const*>(data), size}, seed / 2);
  if (changed.empty() || changed.size() > most) return LLVMFuzzerMutate(data, size, most);
  std::copy(changed.begin(), changed.end(), data);
  return changed.size();
}
