#pragma once

#include <string>
#include <system_error>

namespace certpivot {

/// A failure in words, for the person who reads it: what could not be done, where, why, and what to
/// do about it. `what` starts with a small letter and reads well after "certpivot: ". No member
/// ever holds key bytes.
struct Error {
  std::string what;           ///< "cannot read the private key"
  std::string where = {};     ///< a path, an address, a key of the configuration; may be empty
  std::string why = {};       ///< "Permission denied"; may be empty
  std::string remedy = {};    ///< "let the group certpivot read it"; may be empty
  std::error_code code = {};  ///< the system's cause where there is one, for code that must branch

  /// All four as one sentence: "what where: why; remedy".
  [[nodiscard]] std::string text() const;
};

/// The system's own words for an errno value, safe to call from any thread.
[[nodiscard]] std::string system_text(int errno_value);

}  // namespace certpivot
