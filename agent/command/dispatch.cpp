#include <algorithm>
#include <iostream>
#include <utility>

#include <CLI/CLI.hpp>

#include "base/units.hpp"
#include "command/exit_code.hpp"
#include "command/format.hpp"
#include "command/line.hpp"
#include "command/service.hpp"
#include "command/verbs.hpp"
#include "settings/complaint.hpp"

namespace certpivot::command {

namespace {

struct Choices {
  RunOptions run = {};
  OnceOptions once = {};
  CheckOptions check = {};
  VersionOptions version = {};
  std::string timeout = "10s";
  std::string format = "text";
};

CLI::App* add_run(CLI::App& app, Choices& choices) {
  auto* const verb = app.add_subcommand(
      "run",
      "The daemon, in the foreground. SIGHUP re-reads the configuration, SIGTERM and SIGINT "
      "stop it after the rollout in hand.");
  verb->add_option("-c,--config", choices.run.file, "Configuration file")->capture_default_str();
  return verb;
}

CLI::App* add_once(CLI::App& app, Choices& choices) {
  auto* const verb = app.add_subcommand(
      "once",
      "One pass: publish what the sources hold, run the hooks, leave. Exit codes: 0 current, "
      "2 refused, 75 nothing usable within the timeout, 70 a hook or probe failed.");
  verb->add_option("-c,--config", choices.once.file, "Configuration file, instead of the flags");
  settings::Flags& flags = choices.once.flags;
  // Each is a variable, too, so that a container needs no file.
  verb->add_option("--source", flags.source, "Directory that somebody else writes")
      ->envname("CERTPIVOT_SOURCE");
  verb->add_option("--certificate", flags.certificate, "Certificate file: leaf, then intermediates")
      ->envname("CERTPIVOT_CERTIFICATE");
  verb->add_option("--key", flags.key, "Private key file")->envname("CERTPIVOT_KEY");
  verb->add_option("--ca", flags.ca, "CA bundle that peers are verified with")
      ->envname("CERTPIVOT_CA");
  verb->add_option("--anchors", flags.anchors, "What a chain must end in: a file, or \"system\"")
      ->envname("CERTPIVOT_ANCHORS");
  verb->add_option("--publish", flags.publish, "Directory to publish in")
      ->envname("CERTPIVOT_PUBLISH");
  verb->add_option("--name", flags.name, "Name of the certificate in logs and events")
      ->envname("CERTPIVOT_NAME");
  verb->add_option("--signal", flags.signal, "Signal to send to the process of --pidfile")
      ->envname("CERTPIVOT_SIGNAL");
  verb->add_option("--pidfile", flags.pidfile, "Whom --signal goes to")
      ->envname("CERTPIVOT_PIDFILE");
  verb->add_option("--exec", flags.exec, "Command to run, split at blanks, without a shell")
      ->envname("CERTPIVOT_EXEC");
  verb->add_option("--timeout", choices.timeout, "How long to wait for something usable")
      ->envname("CERTPIVOT_TIMEOUT")
      ->capture_default_str();
  return verb;
}

struct Verbs {
  CLI::App const* run;
  CLI::App const* once;
  CLI::App const* check;
};

Verbs add_verbs(CLI::App& app, Choices& choices) {
  app.require_subcommand(1);
  Verbs const verbs{add_run(app, choices), add_once(app, choices),
                    add_check(app, choices.check, choices.format)};
  auto* const version_verb =
      app.add_subcommand("version", "The version, and of OpenSSL and of each plugin.");
  version_verb->add_option("--plugins", choices.version.plugins, "Directory of external plugins.");
  add_format(*version_verb, choices.format);
  app.set_version_flag("--version", "certpivot " CERTPIVOT_VERSION);
  return verbs;
}

/// The first word where a command belongs and it is none.
std::string unknown_command(CLI::App const& app, int argc, char const* const* argv) {
  std::string const word = argc > 1 ? argv[1] : "";
  if (word.empty() || word.front() == '-') return {};
  std::vector<std::string_view> known;
  for (CLI::App const* const verb : app.get_subcommands({})) known.push_back(verb->get_name());
  if (std::find(known.begin(), known.end(), word) != known.end()) return {};
  return "there is no command '" + word + "'" + settings::did_you_mean(word, known);
}

/// What was printed may not have arrived: a full disk, a pipe that is gone.
int printed(int code) {
  if (std::cout.flush()) return code;
  print_failure("cannot write the answer to standard output");
  return failure;
}

Format format_of(std::string const& word) { return word == "json" ? Format::json : Format::text; }

int once_in_time(Choices& choices, hook::Registry const& registry) {
  auto const timeout = parse_duration(choices.timeout);
  if (!timeout) {
    print_failure("--timeout " + choices.timeout + " is no duration; write 500ms, 10s, 5m or 1h");
    return usage;
  }
  choices.once.timeout = *timeout;
  return once(choices.once, registry);
}

int carry_out(Verbs const& verbs, Choices& choices, hook::Registry const& registry) {
  if (verbs.run->parsed()) return run(choices.run, registry);
  if (verbs.once->parsed()) return once_in_time(choices, registry);
  if (verbs.check->parsed()) {
    choices.check.format = format_of(choices.format);
    return printed(check(choices.check, registry));
  }
  choices.version.format = format_of(choices.format);
  return printed(version(choices.version, registry));
}

}  // namespace

int dispatch(int argc, char const* const* argv, hook::Registry const& registry) {
  Choices choices;
  CLI::App app(
      "Watches certificate directories, judges each new pair, swaps it in by one rename, makes "
      "the\n"
      "servers reload, proves by TLS handshakes that they serve it, and rolls back where they "
      "don't.",
      "certpivot");
  Verbs const verbs = add_verbs(app, choices);
  if (auto const wrong = unknown_command(app, argc, argv); !wrong.empty()) {
    print_failure(wrong);
    return usage;
  }
  try {
    app.parse(argc, argv);
  } catch (CLI::ParseError const& error) {
    return app.exit(error) == 0 ? printed(done) : usage;
  }
  harden_process();
  return carry_out(verbs, choices, registry);
}

}  // namespace certpivot::command
