#include "trust/chain_order.hpp"

#include <algorithm>
#include <utility>

namespace certpivot::trust {
namespace {

bool same(PlacedCertificate const& left, PlacedCertificate const& right) {
  return left.certificate == right.certificate;
}

// Moves what `position` points at from one list to the end of the other.
void take(std::vector<PlacedCertificate>& from, std::vector<PlacedCertificate>::iterator position,
          std::vector<PlacedCertificate>& to) {
  to.push_back(std::move(*position));
  from.erase(position);
}

std::size_t drop_duplicates(std::vector<PlacedCertificate>& certificates) {
  std::size_t const before = certificates.size();
  for (auto one = certificates.begin(); one != certificates.end(); ++one) {
    auto const is_again = [&](PlacedCertificate const& other) { return same(*one, other); };
    certificates.erase(std::remove_if(one + 1, certificates.end(), is_again), certificates.end());
  }
  return before - certificates.size();
}

bool in_file_order(std::vector<PlacedCertificate> const& certificates) {
  return std::is_sorted(certificates.begin(), certificates.end(),
                        [](PlacedCertificate const& left, PlacedCertificate const& right) {
                          return left.block.begin < right.block.begin;
                        });
}

}  // namespace

OrderedChain put_in_order(std::vector<PlacedCertificate> certificates, std::size_t leaf) {
  OrderedChain chain;
  PlacedCertificate const first = certificates[leaf];
  chain.dropped = drop_duplicates(certificates);
  auto next = std::find_if(certificates.begin(), certificates.end(),
                           [&](PlacedCertificate const& one) { return same(one, first); });
  while (next != certificates.end()) {
    take(certificates, next, chain.certificates);
    crypto::Certificate const& last = chain.certificates.back().certificate;
    next = std::find_if(
        certificates.begin(), certificates.end(),
        [&](PlacedCertificate const& one) { return last.may_be_issued_by(one.certificate); });
  }
  chain.strangers = certificates.size();
  for (PlacedCertificate& stranger : certificates) {
    chain.certificates.push_back(std::move(stranger));
  }
  chain.moved = !in_file_order(chain.certificates);
  return chain;
}

}  // namespace certpivot::trust
