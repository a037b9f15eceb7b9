#include "settings/report.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace certpivot::settings {

void Report::complain(Place const& place, std::string text) {
  complaints_.push_back({place.file, place.line, place.column, std::move(text)});
}

std::vector<Complaint> Report::sorted(std::string const& main_file) const {
  std::vector<Complaint> all = complaints_;
  auto const rank = [&main_file](Complaint const& complaint) {
    return std::make_tuple(complaint.file != main_file, std::cref(complaint.file), complaint.line,
                           complaint.column);
  };
  std::stable_sort(all.begin(), all.end(), [&rank](Complaint const& left, Complaint const& right) {
    return rank(left) < rank(right);
  });
  return all;
}

}  // namespace certpivot::settings
