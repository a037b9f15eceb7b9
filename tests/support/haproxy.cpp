#include "support/haproxy.hpp"

#include <cstring>
#include <signal.h>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <utility>

namespace certpivot::testing {

Haproxy::Haproxy(HaproxyOptions options) : options_(std::move(options)) {
  std::string const clients =
      options_.ca.empty() ? "" : " ca-file " + options_.ca.string() + " verify required";
  directory_.write("haproxy.cfg",
                   "global\n  stats socket " + socket() + " mode 600 level " + options_.level +
                       " expose-fd listeners\n  ssl-load-extra-del-ext\n"
                       "defaults\n  mode http\n  timeout connect 5s\n  timeout client 60s\n"
                       "  timeout server 60s\nfrontend web\n  bind 127.0.0.1:" +
                       std::to_string(port_) + " ssl crt " + options_.certificate.string() +
                       clients +
                       "\n  http-request return status 200 content-type text/plain "
                       "string served\n");
  auto const openssl =
      directory_.write("openssl.cnf",
                       "openssl_conf = c\n[c]\nssl_conf = s\n[s]\nsystem_default = d\n[d]\n"
                       "CipherString = DEFAULT@SECLEVEL=" +
                           std::to_string(options_.security_level) + "\n");
  program_ = std::make_unique<Program>(
      std::vector<std::string>{"/usr/sbin/haproxy", "-Ws", "-f", config(), "-S", master_socket()},
      std::vector<std::string>{"OPENSSL_CONF=" + openssl.string()});
  wait_until("haproxy listens", [this] {
    if (connect_to(port_).valid() && !worker().empty()) return true;
    if (program_->output().find("[ALERT]") == std::string::npos) return false;
    throw std::runtime_error("haproxy did not start:\n" + program_->output());
  });
}

Haproxy::~Haproxy() {
  // The master ends its workers, which would outlive it where it is killed.
  program_->send(SIGTERM);
  program_->wait();
}

std::string Haproxy::ask(std::string const& socket, std::string const& commands) {
  UniqueFd const connection(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  ::timeval const limit{5, 0};
  ::setsockopt(connection.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  ::sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, socket.c_str(), sizeof address.sun_path - 1);
  if (::connect(connection.get(), reinterpret_cast<::sockaddr*>(&address), sizeof address) != 0)
    return {};  // a master that is being reloaded listens again in a moment
  (void)::send(connection.get(), commands.data(), commands.size(), MSG_NOSIGNAL);
  ::shutdown(connection.get(), SHUT_WR);
  std::string answer;
  char piece[4096];
  for (::ssize_t got = 0; (got = ::recv(connection.get(), piece, sizeof piece, 0)) > 0;)
    answer.append(piece, static_cast<std::size_t>(got));
  return answer;
}

std::string Haproxy::worker() const {
  std::string const text = processes();
  std::string const start = "# workers\n";
  auto const at = text.find(start);
  if (at == std::string::npos) return {};
  return text.substr(at + start.size(), text.find(' ', at + start.size()) - at - start.size());
}

std::string Haproxy::hook(std::string const& more) const {
  return "[[certificate.hook]]\ntype = \"haproxy\"\nsocket = \"" + socket() +
         "\"\nmaster_socket = \"" + master_socket() + "\"\nconfig = \"" + config() + "\"\n" + more;
}

std::string Haproxy::probe(std::string const& more) const {
  return "[[certificate.probe]]\naddress = \"127.0.0.1:" + std::to_string(port_) +
         "\"\nserver_name = \"web.internal\"\n" + more;
}

}  // namespace certpivot::testing
