#include "clock_server.hpp"

#include <signal.h>
#include <stdexcept>

namespace certpivot::testing {

namespace {

std::string const mark = "serving at port ";

std::vector<std::string> words_of(ClockServerOptions const& options) {
  auto words = options.program;
  words.insert(words.end(), {"--listen", "127.0.0.1:0", "--certificate",
                             options.publish / "tls.crt", "--key", options.publish / "tls.key"});
  if (options.clients) words.insert(words.end(), {"--ca", options.publish / "ca.crt"});
  words.insert(words.end(), options.more.begin(), options.more.end());
  return words;
}

}  // namespace

std::vector<std::string> example_program() { return {CERTPIVOT_GRPC_EXAMPLE}; }

ClockServer::ClockServer(ClockServerOptions const& options) : program_(words_of(options)) {
  bool const serving = program_.wait_for_output([](std::string const& output) {
    auto const at = output.find(mark);
    return at != std::string::npos && output.find('\n', at) != std::string::npos;
  });
  if (!serving) throw std::runtime_error("the server did not start: " + program_.output());
  std::string const output = program_.output();
  port_ = std::stoi(output.substr(output.find(mark) + mark.size()));
}

int ClockServer::stop() {
  program_.send(SIGTERM);
  return program_.wait();
}

}  // namespace certpivot::testing
