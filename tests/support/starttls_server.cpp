#include "support/starttls_server.hpp"

#include <signal.h>
#include <stdexcept>
#include <unistd.h>
#include <vector>

#include "support/account.hpp"

namespace certpivot::testing {
namespace {

using Words = std::vector<std::string>;

struct Setting {
  TempDirectory const& directory;
  std::string port;
  std::string certificate;
  std::string key;
};

Words ldap(Setting const& setting) {
  std::string const config = setting.directory.write(
      "slapd.conf", "include /etc/ldap/schema/core.schema\npidfile " +
                        (setting.directory / "slapd.pid").string() + "\nTLSCertificateFile " +
                        setting.certificate + "\nTLSCertificateKeyFile " + setting.key + "\n");
  return {"/usr/sbin/slapd", "-h", "ldap://127.0.0.1:" + setting.port, "-f", config, "-d", "0"};
}

Words mysql(Setting const& setting) {
  std::string const data = setting.directory.make("data");
  return {"/usr/sbin/mariadbd", "--no-defaults", "--user=" + our_account(), "--datadir=" + data,
          "--socket=" + data + "/socket", "--pid-file=" + data + "/pid", "--bind-address=127.0.0.1",
          "--port=" + setting.port, "--ssl-cert=" + setting.certificate, "--ssl-key=" + setting.key,
          // No tables of its own: nobody logs in.
          "--skip-grant-tables", "--skip-innodb", "--default-storage-engine=Aria"};
}

// Not as root, Dovecot cannot give its processes to other accounts.
std::string dovecot_accounts() {
  if (::geteuid() == 0) return {};
  std::string const us = our_account();
  return "default_internal_user = " + us + "\ndefault_login_user = " + us + "\n";
}

// Without any it does not greet.
constexpr auto one_account = "passdb {\n  driver = static\n}\nuserdb {\n  driver = static\n}\n";

Words dovecot(Setting const& setting, std::string const& protocol, std::string const& service) {
  std::string const run = setting.directory.make("run");
  // Its processes come to its sockets from accounts of their own.
  for (auto const& directory : {setting.directory.path(), std::filesystem::path(run)})
    std::filesystem::permissions(directory, std::filesystem::perms::others_exec,
                                 std::filesystem::perm_options::add);
  std::string const config = setting.directory.write(
      "dovecot.conf", "protocols = " + protocol + "\nbase_dir = " + run + "\nstate_dir = " + run +
                          "\nlog_path = /dev/stderr\nlisten = 127.0.0.1\n" + dovecot_accounts() +
                          "ssl = required\nssl_cert = <" + setting.certificate + "\nssl_key = <" +
                          setting.key + "\nsubmission_relay_host = 127.0.0.1\n" + one_account +
                          "service " + protocol + "-login {\n  chroot =\n  inet_listener " +
                          service + " {\n    port = " + setting.port + "\n  }\n  inet_listener " +
                          service + "s {\n    port = 0\n  }\n}\n");
  return {"/usr/sbin/dovecot", "-F", "-c", config};
}

Words command(std::string const& protocol, Setting const& setting) {
  if (protocol == "ldap") return ldap(setting);
  if (protocol == "mysql") return mysql(setting);
  if (protocol == "imap") return dovecot(setting, "imap", "imap");
  if (protocol == "smtp") return dovecot(setting, "submission", "submission");
  throw std::invalid_argument("no server for " + protocol);
}

}  // namespace

StarttlsServer::StarttlsServer(std::string const& protocol,
                               std::filesystem::path const& certificate,
                               std::filesystem::path const& key) {
  Words const words = command(protocol, {directory_, std::to_string(port_), certificate, key});
  if (!std::filesystem::exists(words.front()))
    throw std::runtime_error("there is no " + words.front() + "; tests/install brings it");
  program_ = std::make_unique<Program>(words);
  wait_until(words.front() + " listens", [&] {
    if (connect_to(port_).valid()) return true;
    if (::kill(program_->pid(), 0) == 0) return false;
    throw std::runtime_error(words.front() + " did not start:\n" + program_->output());
  });
}

StarttlsServer::~StarttlsServer() {
  if (!program_->ended()) program_->send(SIGTERM);
  program_->wait();
}

}  // namespace certpivot::testing
