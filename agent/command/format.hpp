#pragma once

#include <string>
#include <vector>

#include "settings/complaint.hpp"

namespace certpivot::command {

enum class Format { text, json };

/// Every complaint about the configuration, on standard error, one a line.
void print(std::vector<settings::Complaint> const& complaints);

/// A failure on standard error: "certpivot: " and its sentence.
void print_failure(std::string const& sentence);

}  // namespace certpivot::command
