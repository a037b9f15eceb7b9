#include "base/error.hpp"

namespace certpivot {

std::string Error::text() const {
  std::string all = what;
  if (!where.empty()) all += " " + where;
  if (!why.empty()) all += ": " + why;
  if (!remedy.empty()) all += "; " + remedy;
  return all;
}

std::string system_text(int errno_value) { return std::generic_category().message(errno_value); }

}  // namespace certpivot
