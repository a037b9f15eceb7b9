#include "trust/path_first.hpp"

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/pem.hpp"

namespace certpivot::trust {
namespace {

/// A certificate above the leaf, and its PEM block in what is published.
struct Published {
  crypto::Certificate certificate;
  std::string_view pem = {};
};

bool is_on(std::span<crypto::Certificate const> path, Published const& one) {
  return std::find(path.begin(), path.end(), one.certificate) != path.end();
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
  std::stable_partition(all.begin(), all.end(),
                        [&](Published const& one) { return is_on(path, one); });
  std::string text(blocks->front());
  above.clear();
  for (Published const& one : all) {
    if (text.back() != '\n') text += '\n';
    text += one.pem;
    above.push_back(one.certificate);
  }
  if (text.back() != '\n') text += '\n';
  candidate.certificate_pem = std::move(text);
  findings.warn(candidate.certificate_path +
                " holds several certificates of one issuer, and the first does not lead to an "
                "anchor: the one that does is published before it, because peers take the first");
  return findings;
}

}  // namespace certpivot::trust
