#include "hook/program_output.hpp"

#include <algorithm>

#include "log/log.hpp"

namespace certpivot::hook {

void log_lines(Log& log, std::string const& certificate, std::string const& hook,
               std::string_view output) {
  LogFields const fields = {{"hook", hook}};
  while (!output.empty()) {
    auto const line = output.substr(0, output.find('\n'));
    output.remove_prefix(std::min(output.size(), line.size() + 1));
    if (!line.empty()) log.info(certificate, line, fields);
  }
}

}  // namespace certpivot::hook
