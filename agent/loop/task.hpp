#pragma once

// Asio is only named here, not included: a source file that includes it takes five seconds to
// compile, one that includes this header takes none. A .cpp file that defines, awaits or starts a
// Task includes "loop/asio.hpp".
namespace boost::asio {
class any_io_executor;
class io_context;
template <class T, class Executor>
class awaitable;
}  // namespace boost::asio

namespace certpivot {

/// Work on the one loop, awaited by its caller: a C++20 coroutine.
template <class T>
using Task = boost::asio::awaitable<T, boost::asio::any_io_executor>;

}  // namespace certpivot
