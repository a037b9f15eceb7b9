#include "support/server.hpp"

#include <filesystem>
#include <signal.h>
#include <stdexcept>
#include <sys/wait.h>
#include <utility>

#include "support/port.hpp"

namespace certpivot::testing {
namespace {

std::vector<std::string> words_for(ServerOptions const& options) {
  if (!std::filesystem::exists(options.command.front()))
    throw std::runtime_error("there is no " + options.command.front() +
                             "; tests/install brings it");
  return as_account(options.account, options.command);
}

// Not reaped: wait() belongs to the Program.
bool has_ended(Program const& program) {
  ::siginfo_t info{};
  return ::waitid(P_PID, static_cast<::id_t>(program.pid()), &info, WEXITED | WNOHANG | WNOWAIT) ==
             0 &&
         info.si_pid != 0;
}

}  // namespace

Server::Server(ServerOptions options)
    : options_(std::move(options)), program_(words_for(options_), options_.environment) {
  wait_until(options_.command.front() + " listens", [this] {
    if (connect_to(options_.port).valid()) return true;
    if (!has_ended(program_)) return false;
    throw std::runtime_error(options_.command.front() + " did not start:\n" + program_.output());
  });
}

Server::~Server() {
  program_.send(SIGTERM);
  program_.wait();
}

void Server::wait_for_text(std::string const& text) const {
  bool const said = program_.wait_for_output(
      [&](std::string const& output) { return output.find(text) != std::string::npos; });
  if (!said)
    throw std::runtime_error("it ended without saying " + text + ":\n" + program_.output());
}

}  // namespace certpivot::testing
