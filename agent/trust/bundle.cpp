#include "trust/bundle.hpp"

#include <algorithm>
#include <utility>

#include "base/moment.hpp"
#include "base/units.hpp"
#include "crypto/chain.hpp"
#include "crypto/pem.hpp"

namespace certpivot::trust {
namespace {

constexpr std::string_view mark = "# certpivot: kept until ";

struct KeptAnchor {
  crypto::Certificate certificate;
  std::string pem = {};
  WallTime until = {};
};

struct Block {
  crypto::Certificate certificate;
  std::string_view pem = {};
};

std::vector<Block> decoded_blocks(std::string_view bundle) {
  std::vector<Block> decoded;
  auto const blocks = crypto::certificate_blocks(bundle);
  if (!blocks) return decoded;
  for (std::string_view const pem : *blocks)
    if (auto certificate = crypto::read_shared_certificate(pem))
      decoded.push_back({*std::move(certificate), pem});
  return decoded;
}

// One mark and the block below it at a time. A time that cannot be read, because somebody has
// changed the file, is over.
std::vector<KeptAnchor> kept_in(std::string_view published) {
  std::vector<KeptAnchor> kept;
  for (auto at = published.find(mark); at != std::string_view::npos;) {
    auto const next = published.find(mark, at + mark.size());
    std::string_view const piece = published.substr(at + mark.size(), next - at - mark.size());
    WallTime const until =
        parse_rfc3339(piece.substr(0, piece.find(' '))).value_or(WallTime::min());
    for (Block const& block : decoded_blocks(piece))
      kept.push_back({block.certificate, std::string(block.pem), until});
    at = next;
  }
  return kept;
}

template <class Anchors>
bool holds(Anchors const& anchors, crypto::Certificate const& certificate) {
  return std::any_of(anchors.begin(), anchors.end(),
                     [&](auto const& one) { return one.certificate == certificate; });
}

// Lines of ours in the source's bundle would be taken for our own the next time.
std::string without_marks(std::string_view bundle, std::vector<Block> const& blocks) {
  std::vector<std::string_view> pieces;
  if (bundle.find(mark) == std::string_view::npos) {
    pieces.push_back(bundle);
  } else {
    for (Block const& block : blocks) pieces.push_back(block.pem);
  }
  return std::string(crypto::lines_of(pieces).view());
}

}  // namespace

std::string_view own_part(std::string_view published) {
  return published.substr(0, published.find(mark));
}

std::string bundle_digest(std::string_view bundle) {
  return crypto::digest({crypto::lines_of({bundle}).view()});
}

std::string without_times(std::string_view published) {
  std::string text(own_part(published));
  for (auto at = published.find(mark); at != std::string_view::npos;) {
    auto const next = published.find(mark, at + mark.size());
    std::string_view const piece = published.substr(at, next - at);
    auto const end = std::min(piece.find(' ', mark.size()), piece.size());
    text += std::string(mark) + std::string(piece.substr(end));
    at = next;
  }
  return text;
}

std::optional<WallTime> kept_until(std::string_view published) {
  std::optional<WallTime> first;
  for (KeptAnchor const& kept : kept_in(published))
    first = std::min(first.value_or(WallTime::max()), kept.until);
  return first;
}

std::vector<KeptSubject> kept_subjects(std::string_view published) {
  std::vector<KeptSubject> all;
  for (KeptAnchor const& kept : kept_in(published))
    all.push_back({kept.certificate.subject(), kept.until});
  return all;
}

bool is_same_anchor(crypto::Certificate const& left, crypto::Certificate const& right) {
  return left == right || (left.subject() == right.subject() && left.has_key_of(right));
}

BundleChange change_bundle(std::string_view published, std::string_view next, Duration grace,
                           WallTime now) {
  auto const before = decoded_blocks(own_part(published));
  auto const kept_before = kept_in(published);
  auto const own = decoded_blocks(next);
  BundleChange change{.text = without_marks(next, own),
                      .until = std::chrono::ceil<std::chrono::seconds>(now + grace)};
  auto const keep = [&](std::string_view pem, WallTime until) {
    std::string const line = std::string(mark) + to_rfc3339_seconds(until) + " by publish.ca_grace";
    change.text += crypto::lines_of({line, pem}).view();
  };
  for (Block const& anchor : own)
    if (!holds(before, anchor.certificate) && !holds(kept_before, anchor.certificate))
      change.added.push_back(anchor.certificate.subject());
  for (KeptAnchor const& anchor : kept_before) {
    if (holds(own, anchor.certificate)) continue;
    if (auto const until = std::min(anchor.until, change.until); until > now)
      keep(anchor.pem, until);
    else
      change.dropped.push_back(anchor.certificate.subject());
  }
  for (Block const& anchor : before) {
    bool const renewed = std::any_of(own.begin(), own.end(), [&](Block const& one) {
      return is_same_anchor(one.certificate, anchor.certificate);
    });
    if (renewed || holds(kept_before, anchor.certificate)) continue;
    if (grace > Duration::zero()) keep(anchor.pem, change.until);
    (grace > Duration::zero() ? change.kept : change.dropped)
        .push_back(anchor.certificate.subject());
  }
  return change;
}

bool verifies_under(std::string_view chain, std::string_view bundle, WallTime now) {
  auto const anchors = crypto::Anchors::from_bundle(bundle);
  auto const certificates = crypto::readable_certificates(chain);
  if (!anchors || certificates.empty()) return false;
  std::vector<crypto::Certificate> const above(certificates.begin() + 1, certificates.end());
  auto const answer = crypto::verify_chain({certificates.front(), above, **anchors, now});
  return std::none_of(answer.problems.begin(), answer.problems.end(),
                      [](auto const& problem) { return problem.strict.empty(); });
}

}  // namespace certpivot::trust
