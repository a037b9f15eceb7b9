#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <vector>

#include "settings/complaint.hpp"

namespace certpivot::settings {

/// A place in a file, counted as in Complaint.
struct Place {
  std::string file = {};
  unsigned line = 0;
  unsigned column = 0;
};

/// What one reading found out beside the settings: every complaint, of all files. It also keeps
/// which keys the readers know, so that a test can hold config/certpivot.toml against them.
class Report {
 public:
  void complain(Place const& place, std::string text);
  /// A key that was asked for, by its full name: "certificate.source.poll".
  void know(std::string key) { known_.insert(std::move(key)); }

  [[nodiscard]] std::size_t count() const { return complaints_.size(); }
  [[nodiscard]] std::set<std::string> const& known() const { return known_; }
  /// The complaints in the order of their places: those about `main_file` first, then those about
  /// included files by name.
  [[nodiscard]] std::vector<Complaint> sorted(std::string const& main_file) const;

 private:
  std::vector<Complaint> complaints_ = {};
  std::set<std::string> known_ = {};
};

}  // namespace certpivot::settings
