// certpivot-grpc: the external plugin that serves hooks of type "grpc". One question in JSON on
// standard input, one answer on standard output (certpivot-plugin(7)).
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <iterator>
#include <sys/prctl.h>
#include <unistd.h>

#include "plugins/grpc/calls.hpp"
#include "plugins/grpc/channel.hpp"
#include "plugins/grpc/question.hpp"
#include "plugins/grpc/settings.hpp"

namespace certpivot::grpc_plugin {

namespace {

/// The message of a good answer.
Result<std::string> obey(Question const& question) {
  auto const settings = read_settings(question.config);
  if (!settings) return fail(settings.error());
  bool const reload = question.action == Question::Action::reload;
  // Before the first generation there is no pair to show; the reload will tell.
  if (!reload && settings->tls && ::access(question.event.paths.key.c_str(), F_OK) != 0)
    return "there is no pair yet to reach " + settings->address.text() + " with";
  auto const channel = make_channel(*settings, question.event.paths);
  if (!channel) return fail(channel.error());
  Calls const calls{*channel, *settings, std::chrono::steady_clock::now() + settings->deadline};
  if (!reload) {
    if (auto const reached = calls.check(); !reached) return fail(reached.error());
    return settings->address.text() + " answers";
  }
  std::string done = settings->address.text();
  if (settings->reload) {
    auto const said = calls.reload(question.event);
    if (!said) return fail(said.error());
    done += " serves " + question.event.fingerprint + (said->empty() ? "" : ": " + *said);
  }
  if (settings->health) {
    if (auto const serving = calls.wait_until_serving(); !serving) return fail(serving.error());
    done += settings->reload ? ", and is healthy" : " is healthy";
  }
  return done;
}

std::string answer(std::string const& input) {
  auto const question = read_question(input);
  if (!question) return bad_answer(question.error());
  if (question->action == Question::Action::describe) {
    // What can never work is said here, where no process has to be there for it.
    if (auto const settings = read_settings(question->config);
        !settings && question->config.contains("address"))
      return bad_answer(settings.error());
    return good_answer("tells gRPC processes to take the current certificate",
                       {{"actions", {"check", "reload"}}, {"config", describe_settings()}});
  }
  auto const message = obey(*question);
  return message ? good_answer(*message) : bad_answer(message.error());
}

}  // namespace

}  // namespace certpivot::grpc_plugin

int main() {
  // With mTLS the key passes through here, and must not into a core dump.
  (void)::prctl(PR_SET_DUMPABLE, 0);
  // What the library writes about a failed call stands in the call's status too.
  (void)::setenv("GRPC_VERBOSITY", "NONE", 0);
  std::string const input{std::istreambuf_iterator<char>(std::cin), {}};
  std::cout << certpivot::grpc_plugin::answer(input) << std::flush;
  return std::cout ? EXIT_SUCCESS : EXIT_FAILURE;
}
