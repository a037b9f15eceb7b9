#pragma once

#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace certpivot::plugins {

/// Who talks to which haproxy. Two certificates behind one haproxy roll out beside each other, and
/// haproxy has one transaction for all: what one sets, the other would commit.
class Turns {
 public:
  [[nodiscard]] bool take(std::vector<std::string> const& sockets) {
    if (std::any_of(sockets.begin(), sockets.end(),
                    [this](auto const& one) { return taken_.contains(one); }))
      return false;
    taken_.insert(sockets.begin(), sockets.end());
    return true;
  }
  void give_back(std::vector<std::string> const& sockets) {
    for (auto const& one : sockets) taken_.erase(one);
  }

 private:
  std::set<std::string> taken_ = {};
};

}  // namespace certpivot::plugins
