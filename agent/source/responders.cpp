#include "source/responders.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "crypto/http_post.hpp"

namespace certpivot::source {

namespace {

constexpr Duration longest_kept = std::chrono::hours(1);
constexpr Duration failure_kept = std::chrono::minutes(1);
constexpr std::size_t largest_answer = std::size_t{64} * 1024;

Result<crypto::OcspStatus> fetch(crypto::Certificate const& certificate,
                                 crypto::Certificate const& issuer, std::string const& responder,
                                 Duration limit, WallTime now, Duration skew) {
  auto const request = crypto::OcspRequest::make(certificate, issuer);
  if (!request) return fail(request.error());
  std::string const body = request->der();
  auto const answer =
      crypto::post({responder, "application/ocsp-request", body, limit, largest_answer});
  if (!answer) return fail(answer.error());
  return request->read(*answer, now, skew);
}

WallTime kept_until(Result<crypto::OcspStatus> const& status, WallTime now) {
  if (!status) return now + failure_kept;
  return std::min(status->next_update.value_or(WallTime::max()), now + longest_kept);
}

}  // namespace

std::vector<crypto::OcspAnswer> Responders::ask(std::vector<crypto::Certificate> const& path,
                                                settings::Trust const& rules, WallTime now) {
  SteadyTime const deadline = std::chrono::steady_clock::now() + rules.ocsp_timeout;
  std::vector<crypto::OcspAnswer> answers;
  for (std::size_t at = 0; at + 1 < path.size(); ++at) {
    std::string const named = crypto::responder_of(path[at]);
    if (at > 0 && named.empty()) continue;
    std::string const& responder = rules.ocsp_url.empty() ? named : rules.ocsp_url;
    auto status = responder.empty()
                      ? Result<crypto::OcspStatus>(fail("there is no responder"))
                      : this->status({path[at], path[at + 1], responder}, deadline, rules, now);
    answers.push_back({path[at], responder, std::move(status)});
  }
  return answers;
}

Result<crypto::OcspStatus> Responders::status(Question const& question, SteadyTime deadline,
                                              settings::Trust const& rules, WallTime now) {
  auto const& [certificate, issuer, responder] = question;
  std::string const key = certificate.fingerprint() + " " + issuer.fingerprint() + " " + responder;
  {
    std::lock_guard const lock(mutex_);
    auto const known = known_.find(key);
    // A clock that was set back would make it last.
    bool const counts =
        known != known_.end() && known->second.asked <= now && now < known->second.until;
    if (counts) return known->second.status;
  }
  auto const left = std::chrono::ceil<Duration>(deadline - std::chrono::steady_clock::now());
  // Not remembered: the next look, which knows the answers of those before, has time for it.
  if (left <= Duration::zero()) {
    return fail("it was not asked", {}, "those before it took all of trust.ocsp_timeout",
                "give them more");
  }
  auto status = fetch(certificate, issuer, responder, left, now, rules.skew);
  std::lock_guard const lock(mutex_);
  std::erase_if(known_, [&](auto const& entry) { return entry.second.until <= now; });
  known_[key] = {now, kept_until(status, now), status};
  return status;
}

}  // namespace certpivot::source
