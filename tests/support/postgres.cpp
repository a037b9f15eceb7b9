#include "support/postgres.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>
#include <vector>

#include "support/account.hpp"

namespace certpivot::testing {
namespace {

namespace fs = std::filesystem;

// Debian has each version in a directory of its own.
std::string find_program(std::string const& name) {
  std::vector<fs::path> found;
  std::error_code none;
  for (auto const& version : fs::directory_iterator("/usr/lib/postgresql", none))
    if (auto path = version.path() / "bin" / name; fs::exists(path)) found.push_back(path);
  if (found.empty()) throw std::runtime_error("there is no PostgreSQL; tests/install brings it");
  return *std::max_element(found.begin(), found.end());
}

constexpr char const* own_account = "postgres";

std::string setting(std::string const& name, std::string const& value) {
  return name + " = '" + value + "'\n";
}

}  // namespace

Postgres::Postgres(PostgresOptions options) : options_(std::move(options)) {
  for (auto const* const file : {&options_.certificate, &options_.key, &options_.ca})
    let_pass(*file);
  give_to_account(own_account, directory_.path());
  make_data();
  program_ = std::make_unique<Program>(
      as_account(own_account, {find_program("postgres"), "-D", directory_ / "data"}));
  bool const ready = program_->wait_for_output([](std::string const& output) {
    return output.find("ready to accept connections") != std::string::npos;
  });
  if (!ready) throw std::runtime_error("PostgreSQL did not start:\n" + log());
}

// The data are worth nothing: an immediate shutdown ends its children, too, and writes nothing.
Postgres::~Postgres() {
  if (!program_->ended()) program_->send(SIGQUIT);
  program_->wait();
}

std::string Postgres::account() { return account_or_ours(own_account); }

void Postgres::make_data() const {
  std::string const data = directory_ / "data";
  Outcome const made = run_program(as_account(
      own_account, {find_program("initdb"), "--pgdata", data, "--username", "tester", "--auth",
                    "trust", "--no-sync", "--no-instructions", "--locale", "C"}));
  if (made.exit_code != 0) throw std::runtime_error("initdb: " + made.out + made.err);
  write_file(data + "/postgresql.conf", text(), 0644);
  // Any name may stand in the client's certificate: the chain is what is asked about.
  write_file(data + "/pg_ident.conf", "anybody /^.*$ tester\n", 0644);
  write_file(data + "/pg_hba.conf",
             std::string("local all all trust\nhostssl all all 127.0.0.1/32 ") +
                 (options_.client_certificates ? "cert map=anybody\n" : "trust\n"),
             0644);
}

std::string Postgres::text() const {
  return setting("listen_addresses", "127.0.0.1") + setting("port", std::to_string(port_)) +
         setting("unix_socket_directories", directory_.string()) + setting("ssl", "on") +
         setting("ssl_cert_file", options_.certificate) + setting("ssl_key_file", options_.key) +
         setting("ssl_ca_file", options_.ca) + setting("fsync", "off") +
         // /dev/shm is not everybody's in every container.
         setting("dynamic_shared_memory_type", "mmap") + setting("lc_messages", "C") +
         options_.more;
}

Outcome Postgres::query(PostgresClient const& client, std::string const& sql) const {
  std::string connection = "host=127.0.0.1 port=" + std::to_string(port_) +
                           " user=tester dbname=postgres connect_timeout=10 sslmode=";
  connection += client.anchors.empty() ? "require sslrootcert=/nonexistent"
                                       : "verify-ca sslrootcert=" + client.anchors.string();
  connection +=
      " sslcert=" + (client.certificate.empty() ? "/nonexistent" : client.certificate.string());
  connection += " sslkey=" + (client.key.empty() ? "/nonexistent" : client.key.string());
  return run_program({find_program("psql"), "--no-psqlrc", "--tuples-only", "--no-align",
                      "--command", sql, connection},
                     {"PGPASSFILE=/nonexistent"});
}

}  // namespace certpivot::testing
