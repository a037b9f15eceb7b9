#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "crypto/address.hpp"
#include "crypto/tls_session.hpp"
#include "loop/task.hpp"

namespace certpivot::crypto {

/// A question and its answer on a connection of their own, whatever protocol they are.
struct Exchange {
  Address address = {};
  TlsOptions const* tls = nullptr;  ///< null: in plain text
  std::string question = {};
  /// Gets the answer piece by piece; false once that is enough.
  std::function<bool(std::string_view)> hear = {};
  Duration limit = {};  ///< for all of it, name resolution included
};

/// Done when `hear` has had enough, or the server has closed; whether the answer was whole by then
/// is for the caller to know. A server that hangs up early may have said why, so what cannot be
/// sent any more is no failure of its own. Errors: no connection, no TLS with the proof that `tls`
/// asks for, our certificate refused, the connection broken, time over. None holds what was said.
[[nodiscard]] Task<Result<void>> converse(Exchange exchange);

}  // namespace certpivot::crypto
