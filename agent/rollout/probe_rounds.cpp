#include "rollout/probe_rounds.hpp"

#include <algorithm>
#include <utility>

namespace certpivot::rollout {

ProbeRounds::ProbeRounds(std::vector<settings::Probe> const& probes) {
  for (settings::Probe const& probe : probes) rounds_.push_back({.interval = probe.interval});
}

bool ProbeRounds::idle() const {
  return std::none_of(rounds_.begin(), rounds_.end(),
                      [](Round const& round) { return round.interval > Duration::zero(); });
}

void ProbeRounds::begin(SteadyTime now, Duration pause) {
  for (Round& round : rounds_)
    if (round.interval > Duration::zero()) round.at = now + pause % round.interval;
}

std::optional<ProbeRounds::Due> ProbeRounds::next() const {
  std::optional<Due> next;
  for (std::size_t probe = 0; probe < rounds_.size(); ++probe)
    if (auto const at = rounds_[probe].at; at && (!next || *at < next->at)) next = Due{probe, *at};
  return next;
}

ProbeRounds::News ProbeRounds::note(std::size_t probe, bool served, SteadyTime now) {
  skip(probe, now);
  bool const missed_before = std::exchange(rounds_.at(probe).missed, !served);
  if (missed_before != served) return News::none;
  return served ? News::recovered : News::not_served;
}

void ProbeRounds::skip(std::size_t probe, SteadyTime now) {
  Round& round = rounds_.at(probe);
  if (round.interval > Duration::zero()) round.at = now + round.interval;
}

}  // namespace certpivot::rollout
