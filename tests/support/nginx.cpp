#include "support/nginx.hpp"

#include <algorithm>
#include <fstream>
#include <signal.h>
#include <stdexcept>
#include <unistd.h>
#include <utility>

namespace certpivot::testing {
namespace {

std::string find_nginx() {
  for (char const* const path : {"/usr/sbin/nginx", "/usr/local/sbin/nginx"}) {
    if (std::filesystem::exists(path)) return path;
  }
  throw std::runtime_error("there is no nginx; tests/install brings it");
}

}  // namespace

Nginx::Nginx(NginxOptions options) : options_(std::move(options)) {
  directory_.write("nginx.conf", text());
  start();
}

Nginx::~Nginx() { stop(); }

void Nginx::start() {
  program_ = std::make_unique<Program>(
      std::vector<std::string>{find_nginx(), "-p", directory_.string(), "-e",
                               directory_ / "error.log", "-c", config(), "-g", "daemon off;"});
  wait_until("nginx listens", [this] {
    if (connect_to(port_).valid() && !workers().empty()) return true;
    if (::kill(master(), 0) == 0 && program_->output().find("[emerg]") == std::string::npos) {
      return false;
    }
    throw std::runtime_error("nginx did not start:\n" + program_->output() + error_log());
  });
}

void Nginx::stop() {
  if (!program_->ended()) program_->send(SIGTERM);
  program_->wait();
}

std::string Nginx::error_log() const {
  return std::filesystem::exists(directory_ / "error.log") ? directory_.read("error.log") : "";
}

std::vector<::pid_t> Nginx::workers() const {
  std::string const id = std::to_string(master());
  std::ifstream file("/proc/" + id + "/task/" + id + "/children");
  std::vector<::pid_t> all;
  for (::pid_t one = 0; file >> one;) all.push_back(one);
  std::sort(all.begin(), all.end());
  return all;
}

std::string Nginx::hook(std::string const& more) const {
  return "[[certificate.hook]]\ntype = \"nginx\"\nconfig = \"" + config() + "\"\n" + more;
}

std::string Nginx::probe(std::string const& more) const {
  return "[[certificate.probe]]\naddress = \"127.0.0.1:" + std::to_string(port_) +
         "\"\nserver_name = \"web.internal\"\n" + more;
}

std::string Nginx::server_block() const {
  std::string block = options_.server;
  std::string const listen = "listen 443 ssl;";
  if (auto const at = block.find(listen); at != std::string::npos)
    return block.replace(at, listen.size(), listening());
  std::string const current = options_.publish / "current";
  return "  server {\n    " + listening() + "\n    ssl_certificate " + current +
         "/tls.crt;\n    ssl_certificate_key " + current + "/tls.key;\n" +
         (options_.client_certificates
              ? "    ssl_verify_client on;\n    ssl_client_certificate " + current + "/ca.crt;\n"
              : "") +
         options_.more + "  }\n";
}

std::string Nginx::listening() const {
  return "listen 127.0.0.1:" + std::to_string(port_) +
         " ssl;\n    location / { return 200 \"served\\n\"; }";
}

std::string Nginx::text() const {
  std::string const home = directory_.string();
  std::string temporary_paths;
  for (char const* const module : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"}) {
    temporary_paths += std::string("  ") + module + "_temp_path " + home + "/" + module + ";\n";
  }
  return std::string(::geteuid() == 0 ? "user root;\n" : "") + "worker_processes 2;\npid " +
         pidfile() + ";\nerror_log " + home +
         "/error.log info;\nevents { worker_connections 64; }\nhttp {\n" + temporary_paths +
         options_.http + "  access_log off;\n" + server_block() + "}\n";
}

}  // namespace certpivot::testing
