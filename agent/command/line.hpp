#pragma once

#include <string>

#include "command/verbs.hpp"

namespace CLI {
class App;
}

/// Parts of the command line, for dispatch().
namespace certpivot::command {

/// "--format text|json".
void add_format(CLI::App& verb, std::string& format);

/// The verb `check` with all its flags.
[[nodiscard]] CLI::App* add_check(CLI::App& app, CheckOptions& options, std::string& format);

}  // namespace certpivot::command
