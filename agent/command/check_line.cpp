#include <algorithm>
#include <span>

#include <CLI/CLI.hpp>

#include "command/line.hpp"
#include "crypto/starttls.hpp"
#include "settings/settings.hpp"
#include "trust/reason.hpp"

namespace certpivot::command {

namespace {

constexpr auto where = "Where to look";
constexpr auto rules = "How to judge what is not of a configuration";

void add_files(CLI::App& verb, settings::CheckFlags& flags) {
  verb.add_option("--source", flags.source, "A directory: finds the names in it")->group(where);
  verb.add_option(
          "--certificate", flags.certificate,
          "Certificate file: leaf, then intermediates; without --key a bundle with both, or a "
          "certificate alone")
      ->group(where);
  verb.add_option("--key", flags.key, "Private key file")->group(where);
  verb.add_option("--ca", flags.ca,
                  "CA bundle that peers are verified with; below the directory of --source")
      ->group(where);
  verb.add_option("--passphrase-file", flags.passphrase_file,
                  "Passphrase of the key or of the PKCS#12")
      ->group(where);
}

void add_connect(CLI::App& verb, ConnectOptions& options) {
  auto* const address = verb.add_option("--connect", options.address,
                                        "A server, host:port or unix:/path: judges what it serves")
                            ->group(where);
  auto const add = [&](char const* name, std::string& value, char const* help) {
    return verb.add_option(name, value, help)->needs(address)->group(where);
  };
  std::vector<std::string> const words(crypto::starttls_words.begin(),
                                       crypto::starttls_words.end());
  add("--starttls", options.starttls, "Protocol that asks for TLS in plain text")
      ->check(CLI::IsMember(words));
  add("--server-name", options.server_name, "Name to ask for; default the host");
  add("--present-certificate", options.present_certificate, "Client certificate to offer");
  add("--present-key", options.present_key, "Its private key");
  for (char const* const other : {"--source", "--certificate", "--key", "--passphrase-file"})
    address->excludes(other);
}

void add_rules(CLI::App& verb, settings::CheckFlags& flags) {
  // One value a flag, also where it may be repeated: what follows is for the next.
  auto const add = [&](char const* name, auto& value, char const* help) {
    verb.add_option(name, value, help)->group(rules)->allow_extra_args(false);
  };
  add("--anchors", flags.anchors, "What a chain must end in: a file, or \"system\"");
  add("--purpose", flags.purpose, "server, client, both or any; default server");
  add("--name", flags.names, "A name that must be in the SAN; repeatable");
  add("--crl", flags.crl, "A CRL that every certificate is looked up in; repeatable");
  add("--revocation", flags.revocation,
      "off, crl or ocsp; default crl or ocsp where --crl or --ocsp-url is given");
  add("--ocsp-url", flags.ocsp_url, "Responder to ask, http://…; default: the certificate's");
  add("--ocsp-mode", flags.ocsp_mode, "require or soft: without an answer, refuse or warn");
  add("--ocsp-timeout", flags.ocsp_timeout, "For one answer; default 5s");
  add("--min-remaining", flags.min_remaining, "Less left than this is refused: 5d, 10%");
  add("--max-lifetime", flags.max_lifetime, "A longer lifetime than this is refused: 47d");
  add("--skew", flags.skew, "So far in the future the certificate may begin");
  add("--relax", flags.relax, "A strict check that warns only; repeatable");
  add("--min-rsa-bits", flags.min_rsa_bits, "Default 2048");
  add("--min-ec-bits", flags.min_ec_bits, "Default 256");
}

// An empty value is a variable that a script has not set, and not the default.
void refuse_empty(CLI::App& verb) {
  CLI::Validator const not_empty(
      [](std::string const& value) { return value.empty() ? "must not be empty" : ""; }, "");
  for (CLI::Option* const option : verb.get_options())
    if (option->get_type_size() > 0) option->check(not_empty);
}

// The words that two flags take, in lines for a terminal.
std::string words_in_lines(std::span<std::string_view const> words) {
  constexpr std::size_t width = 78;
  std::string text;
  std::size_t column = width;
  for (std::string_view const word : words) {
    if (column + 1 + word.size() > width) {
      text += "\n ";
      column = 1;
    }
    text += " " + std::string(word);
    column += 1 + word.size();
  }
  return text;
}

}  // namespace

void add_format(CLI::App& verb, std::string& format) {
  verb.add_option("--format", format, "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
}

CLI::App* add_check(CLI::App& app, CheckOptions& options, std::string& format) {
  auto* const verb = app.add_subcommand(
      "check",
      "Judges configuration and sources now, changes nothing, and says what the daemon would do; "
      "or judges a pair, a directory or what a server serves, without a configuration. Exit codes: "
      "0 good, 1 warning, 2 critical, 3 unknown, 78 configuration.");
  auto* const file = verb->add_option("-c,--config", options.file, "Configuration file")
                         ->capture_default_str()
                         ->group(where);
  verb->add_option("NAME", options.certificates, "Only these certificates");
  add_files(*verb, options.flags);
  add_connect(*verb, options.connect);
  for (char const* const name : {"--source", "--certificate", "--key", "--connect"})
    file->excludes(verb->get_option(name));
  add_rules(*verb, options.flags);
  verb->add_option("--warning", options.flags.warning, "Warn when less is left: 30d,33%");
  verb->add_option("--critical", options.flags.critical, "Critical when less is left: 7d,10%");
  verb->add_option("--at", options.at, "Judge as of another time: RFC 3339, or +30d from now");
  verb->add_option("--explain", options.explain,
                   "Tell about the codes of broken rules, listed below");
  add_format(*verb, format);
  refuse_empty(*verb);
  verb->footer("Codes for --explain:" + words_in_lines(trust::codes()) +
               "\nChecks for --relax:" + words_in_lines(settings::strict_checks));
  return verb;
}

}  // namespace certpivot::command
