#include "command/format.hpp"

#include <iostream>

namespace certpivot::command {

void print(std::vector<settings::Complaint> const& complaints) {
  for (settings::Complaint const& complaint : complaints)
    std::cerr << "certpivot: " << complaint.sentence() << "\n";
}

void print_failure(std::string const& sentence) { std::cerr << "certpivot: " << sentence << "\n"; }

}  // namespace certpivot::command
