#include "node.hpp"

#include <filesystem>
#include <regex>
#include <stdexcept>

#include "support/program.hpp"
#include "support/repository.hpp"
#include "support/temp_directory.hpp"

namespace certpivot::testing {

namespace fs = std::filesystem;

namespace {

fs::path const directory = CERTPIVOT_NODE_DIRECTORY;

/// What npm says where the registry cannot be reached, or has a bad day.
std::regex const no_network(
    "code (ENOTFOUND|EAI_AGAIN|ECONN[A-Z]+|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|"
    "ERR_SOCKET_TIMEOUT|E5[0-9]{2}|E429|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_[A-Z_]+)");

std::string read_if_there(fs::path const& file) {
  return fs::exists(file) ? read_file(file) : std::string();
}

}  // namespace

std::string install_node_example() {
  auto const example = repository() / "config/examples/node-grpc";
  fs::create_directories(directory);
  for (auto const& file : fs::directory_iterator(example))
    if (file.is_regular_file())
      fs::copy_file(file, directory / file.path().filename(), fs::copy_options::overwrite_existing);
  // Written when the packages of such a list are there.
  auto const installed = directory / "installed-lock.json";
  std::string const wanted = read_file(example / "package-lock.json");
  if (read_if_there(installed) == wanted) return {};
  Outcome const npm =
      run_program({"/usr/bin/env", "npm", "--prefix", directory, "ci", "--ignore-scripts",
                   "--no-audit", "--no-fund", "--prefer-offline", "--fetch-retries=1",
                   "--fetch-retry-mintimeout=500", "--fetch-timeout=30000"});
  std::smatch reason;
  if (npm.exit_code == 0)
    write_file(installed, wanted);
  else if (std::regex_search(npm.err, reason, no_network))
    return reason[1];
  else
    throw std::runtime_error("npm ci: " + npm.out + npm.err);
  return {};
}

std::vector<std::string> node_program() {
  return {"/usr/bin/env", "node", directory / "server.js", "--proto",
          repository() / "plugins/grpc/example/clock.proto"};
}

}  // namespace certpivot::testing
