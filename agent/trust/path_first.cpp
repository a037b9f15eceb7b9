#include "trust/path_first.hpp"

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "crypto/pem.hpp"

namespace certpivot::trust {
namespace {

/// A certificate above the leaf, and its PEM block in what is published.
struct Published {
  crypto::Certificate certificate;
  std::string_view pem = {};
};

// Those of the path in its order (RFC 8446 section 4.4.2), then the rest in theirs.
std::vector<Published> in_order_of(std::span<crypto::Certificate const> path,
                                   std::vector<Published> all) {
  auto next = all.begin();
  for (crypto::Certificate const& certificate : path) {
    auto const found = std::find_if(
        next, all.end(), [&](Published const& one) { return one.certificate == certificate; });
    if (found != all.end()) std::rotate(next++, found, found + 1);
  }
  return all;
}

}  // namespace

Findings put_path_first(Candidate& candidate) {
  Findings findings;
  auto const path = candidate.chain.intermediates();
  auto& above = candidate.intermediates;
  bool const first =
      path.size() <= above.size() && std::equal(path.begin(), path.end(), above.begin());
  auto const blocks = first ? Result<std::vector<std::string_view>>()
                            : crypto::certificate_blocks(candidate.certificate_pem);
  // What cannot be published has no blocks to be put in order.
  if (first || !candidate.chain.anchored || !blocks || blocks->size() != above.size() + 1)
    return findings;
  std::vector<Published> all;
  for (std::size_t i = 0; i < above.size(); ++i) all.push_back({above[i], (*blocks)[i + 1]});
  std::vector<std::string_view> texts{blocks->front()};
  above.clear();
  for (Published const& one : in_order_of(path, std::move(all))) {
    texts.push_back(one.pem);
    above.push_back(one.certificate);
  }
  std::string text(crypto::lines_of(texts).view());
  candidate.certificate_pem = std::move(text);
  findings.warn(candidate.certificate_path +
                " holds several certificates of one issuer, and the first does not lead to an "
                "anchor: the one that does is published before it, because peers take the first");
  return findings;
}

}  // namespace certpivot::trust
