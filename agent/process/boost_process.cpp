// The one source of Boost.Process, which before 1.86 is headers plus a file of the user's choice.
// With BOOST_PROCESS_USE_STD_FS its headers lack the three includes that come first.
#include <boost/optional.hpp>
#include <boost/type_traits/decay.hpp>
#include <boost/type_traits/remove_pointer.hpp>
// The order matters, hence the gap.
#include <boost/process/v2.hpp>
#if __has_include(<boost/process/v2/src.hpp>)
#include <boost/process/v2/src.hpp>
#endif
