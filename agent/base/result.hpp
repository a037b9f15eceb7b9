#pragma once

#include <cerrno>
#include <string>
#include <utility>

#include <tl/expected.hpp>

#include "base/error.hpp"

namespace certpivot {

/// The one result type: a value, or the Error that kept it from being made. Discarding one warns.
/// tl::expected stands in for std::expected, which GCC 12 has only under C++23.
template <class T>
class [[nodiscard]] Result : public tl::expected<T, Error> {
 public:
  using tl::expected<T, Error>::expected;
};

/// The failure side of a Result: `return fail("cannot open", path, why, remedy);`.
[[nodiscard]] inline tl::unexpected<Error> fail(std::string what, std::string where = {},
                                                std::string why = {}, std::string remedy = {}) {
  return tl::unexpected<Error>(
      Error{std::move(what), std::move(where), std::move(why), std::move(remedy), {}});
}

[[nodiscard]] inline tl::unexpected<Error> fail(Error error) {
  return tl::unexpected<Error>(std::move(error));
}

/// The same with the system's cause; call it before anything else can change errno.
[[nodiscard]] inline tl::unexpected<Error> fail_errno(std::string what, std::string where = {},
                                                      std::string remedy = {},
                                                      int errno_value = errno) {
  return tl::unexpected<Error>(Error{std::move(what), std::move(where), system_text(errno_value),
                                     std::move(remedy),
                                     std::error_code(errno_value, std::generic_category())});
}

}  // namespace certpivot
