#include "rollout/crl_ends.hpp"

#include <algorithm>

namespace certpivot::rollout {

namespace {

bool holds(std::vector<CrlEnd> const& ends, CrlEnd const& one) {
  return std::find(ends.begin(), ends.end(), one) != ends.end();
}

}  // namespace

std::vector<CrlEnd> CrlEnds::take_over(std::vector<CrlEnd> const& in_force, WallTime now) {
  std::vector<CrlEnd> over;
  for (CrlEnd const& end : in_force)
    if (end.at <= now && !holds(said_, end)) over.push_back(end);
  // What is no longer in force is forgotten, or the list would grow with every CRL.
  std::erase_if(said_, [&](CrlEnd const& end) { return !holds(in_force, end); });
  said_.insert(said_.end(), over.begin(), over.end());
  return over;
}

std::optional<WallTime> CrlEnds::next(std::vector<CrlEnd> const& in_force) const {
  std::optional<WallTime> first;
  for (CrlEnd const& end : in_force)
    if (!holds(said_, end)) first = std::min(first.value_or(end.at), end.at);
  return first;
}

}  // namespace certpivot::rollout
