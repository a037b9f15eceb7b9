#pragma once

#include <string>
#include <sys/types.h>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace certpivot::plugins {

/// What a pidfile says.
struct Pidfile {
  ::pid_t pid = 0;
  WallTime written = {};
  bool volatile_storage =
      false;  ///< on tmpfs or ramfs: it cannot be older than the machine's start
};

/// The number in the first line of the regular file `path`, with or without a newline behind it
/// (hitch writes none; PostgreSQL writes more lines). Number 1 is refused. Errors, each with its
/// own sentence: missing, unreadable, not a regular file, too large, empty, not a number, number 1.
[[nodiscard]] Result<Pidfile> read_pidfile(std::string const& path);

}  // namespace certpivot::plugins
