// How libFuzzer changes the inputs of the targets that judge one file among others which only have
// to be there: it changes that file, the last piece, and leaves the others as the seed has them.
#include "fuzz/pieces.hpp"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t most, unsigned /*seed*/) {
  std::string_view const input(reinterpret_cast<char const*>(data), size);
  std::size_t const last = certpivot::testing::split(input).back().size();
  std::size_t const others = size - last;
  return others < most ? others + LLVMFuzzerMutate(data + others, last, most - others) : size;
}
