#pragma once

namespace certpivot::crypto {

/// What a conversation without sockets wants next: bytes of the server, or nothing more.
enum class Step { wants_input, done, failed };

}  // namespace certpivot::crypto
