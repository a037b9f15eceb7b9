#pragma once

#include <memory>

#include "hook/registry.hpp"

namespace certpivot::plugins {

/// type = "nginx". check() is `nginx -t`, which reads the files in force, and everything about the
/// master but the signal. reload() is `nginx -t` with the new files, HUP to the master, and then
/// waiting until it has really reloaded: nginx answers a signaller nothing, so a new worker is the
/// yes, and an [emerg] line of the master in the error log is the no, and goes into the failure.
/// After a no, nginx keeps serving the old pair. An nginx without workers (master_process off) has
/// second to say no.
///
/// `binary`, `config` and `pidfile` are found where the installed nginx has them unless they are
/// given.
[[nodiscard]] std::unique_ptr<hook::Hook> make_nginx_hook(settings::Hook const& settings,
                                                          hook::Tools const& tools);

}  // namespace certpivot::plugins
