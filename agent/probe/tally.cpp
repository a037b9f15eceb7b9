#include "probe/tally.hpp"

#include <algorithm>
#include <utility>

#include "base/units.hpp"

namespace certpivot::probe {
namespace {

// Whose it is, where that is known.
std::string owner_of(CertificateFacts const& leaf, std::vector<Other> const& others) {
  for (Other const& other : others)
    if (other.fingerprint == leaf.fingerprint) return ", that of " + other.name;
  return {};
}

// The short form is what people compare by eye, the long one what they search for.
std::string described(CertificateFacts const& leaf) {
  return leaf.subject + ", serial " + leaf.serial + ", SHA-256 " + leaf.fingerprint.substr(0, 12) +
         "… (" + leaf.fingerprint + "), valid until " + to_rfc3339_seconds(leaf.not_after);
}

}  // namespace

bool Tally::count(CertificateFacts const& served) {
  ++tries_;
  if (served.fingerprint != expected_.leaf.fingerprint) {
    in_a_row_ = 0;
    other_ = served;
    broken_.reset();
    return false;
  }
  ++hits_;
  most_in_a_row_ = std::max(most_in_a_row_, ++in_a_row_);
  return true;
}

void Tally::count(Error failure) {
  ++tries_;
  in_a_row_ = 0;
  broken_ = std::move(failure);
}

// A failure after it, such as the end of the time, takes nothing from what was served.
std::string Tally::last_miss() const {
  std::string const failed = broken_ ? "the last failure was: " + broken_->text() : "";
  if (!other_) return broken_ ? failed : "there was no time for more";
  return "the last other one served was " + described(*other_) +
         owner_of(*other_, expected_.others) + (broken_ ? ", then " + failed : "");
}

Error Tally::failure(settings::Probe const& settings) const {
  return Error{expected_.name + " is not proved to be served at", settings.address,
               std::to_string(most_in_a_row_) + " of " + std::to_string(settings.handshakes) +
                   " handshakes in a row showed it in " + to_text(settings.timeout) + " (" +
                   std::to_string(hits_) + " of " + std::to_string(tries_) + " in all), " +
                   last_miss(),
               other_ ? "does the server read the published files, and did the hook reach it?" : "",
               broken_ ? broken_->code : std::error_code{}};
}

}  // namespace certpivot::probe
