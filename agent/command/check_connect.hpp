#pragma once

#include "command/check_report.hpp"
#include "command/verbs.hpp"
#include "settings/settings.hpp"
#include "source/evidence.hpp"

namespace certpivot::command {

/// What is wrong with the flags of a connection, one sentence each.
[[nodiscard]] std::vector<settings::Complaint> complaints_about(ConnectOptions const& options);

/// One handshake with a server, and the chain that it sends judged like a source's, but for the
/// key. The name that must be in the leaf is the server's where the rules name none. Where there is
/// no handshake the report is absent, and its fault says why. Blocks.
[[nodiscard]] CheckReport check_connect(settings::Certificate settings,
                                        ConnectOptions const& options, source::Evidence& evidence,
                                        WallTime now);

}  // namespace certpivot::command
