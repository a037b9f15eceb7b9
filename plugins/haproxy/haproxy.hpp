#pragma once

#include "hook/registry.hpp"

namespace certpivot::plugins {

/// type = "haproxy". reload() exchanges the pair by the runtime API on the stats socket, which
/// costs no connection, and where that cannot be, reloads by the master socket: the CA bundle or a
/// CRL has changed, haproxy's name for the certificate does not lead into the generation (then its
/// next reload would read something else than its memory holds), the pair does not fit into
/// tune.bufsize, or the API fails. A pair that haproxy has read and refused is a failure at once.
///
/// check() is `haproxy -c` where `config` is given, and that one of the sockets could do it. Hooks
/// made by one factory take turns where they share a socket.
[[nodiscard]] hook::Factory haproxy_factory();

}  // namespace certpivot::plugins
