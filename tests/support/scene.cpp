#include "support/scene.hpp"

#include <sstream>
#include <stdexcept>

#include <doctest/doctest.h>

#include "support/tls_look.hpp"

namespace certpivot::testing {
bool holds_key_bytes(std::string const& output, std::string const& key_pem) {
  std::istringstream lines(key_pem);
  for (std::string line; std::getline(lines, line);) {
    // Shorter ones, the last of a key, could appear by chance.
    if (line.size() >= 32 && !line.starts_with("-----") && output.find(line) != std::string::npos) {
      return true;
    }
  }
  return false;
}

Scene::Scene()
    : source_keys("directory = \"" + source.string() + "\"\ngrace = \"500ms\"\n"),
      trust_keys("anchors = \"" + (directory / "anchors.pem").string() + "\"\n"),
      publish_keys("directory = \"" + publish.string() + "\"\n") {
  directory.write("anchors.pem", authority.pem());
  directory.make("source");
}

Scene::~Scene() {
  if (daemon_) stop();
  for (std::string const& key : keys_) CHECK_FALSE(holds_key_bytes(outputs_, key));
}

std::string Scene::config() const {
  return directory.write("certpivot.toml",
                         "[agent]\nstate = \"" + (directory / "state").string() +
                             "\"\nlog = { level = \"debug\", format = \"json\" }\n" + agent_keys +
                             "[[certificate]]\nname = \"web\"\n[certificate.source]\n" +
                             source_keys + "[certificate.trust]\n" + trust_keys +
                             "[certificate.publish]\n" + publish_keys + hooks + probes + more);
}

Daemon& Scene::run(std::vector<std::string> under) {
  if (daemon_) stop();
  daemon_ = std::make_unique<Daemon>(config(), std::move(under));
  return *daemon_;
}

Pair Scene::first_in_force() {
  hooks = exec_hook({"/bin/true"});
  run();
  Pair pair = issue();
  offer(pair);
  CHECK(daemon_->ending_of(pair.fingerprint).event == "committed");
  return pair;
}

int Scene::stop() {
  int const code = daemon_->stop();
  remember(daemon_->output());
  daemon_.reset();
  return code;
}

Outcome Scene::command(std::vector<std::string> const& arguments,
                       std::vector<std::string> const& environment) {
  Outcome outcome = certpivot(arguments, environment);
  remember(outcome.out + outcome.err);
  return outcome;
}

void Scene::publish_first(Pair const& pair) {
  offer(pair);
  Outcome const outcome = command({"once", "--source", source.string(), "--anchors",
                                   directory / "anchors.pem", "--publish", publish.string()});
  if (outcome.exit_code != 0) throw std::runtime_error("once: " + outcome.out + outcome.err);
}

Pair Scene::issue(LeafOptions const& options) {
  Pair pair = authority.issue(options);
  keys_.push_back(pair.key_pem);
  return pair;
}

Contents Scene::contents(Pair const& pair) const {
  return {
      {"tls.crt", pair.certificate_pem}, {"tls.key", pair.key_pem}, {"ca.crt", authority.pem()}};
}

void Scene::offer(Pair const& pair) const { offer_files(contents(pair)); }

void Scene::offer_files(Contents const& contents) const {
  for (auto const& [name, text] : contents) rename_over(source / name, text);
}

std::string Scene::published() const {
  auto const file = publish / "current" / "tls.crt";
  if (!std::filesystem::exists(file)) return {};
  return leaf_fingerprint(read_file(file));
}

unsigned Scene::generation() const {
  std::error_code none;
  auto const target = std::filesystem::read_symlink(publish / "current", none);
  return none ? 0 : static_cast<unsigned>(std::stoul(target.filename().string()));
}

std::string exec_hook(std::vector<std::string> const& command, std::string const& more) {
  std::string words;
  for (std::string const& word : command) words += (words.empty() ? "\"" : ", \"") + word + "\"";
  return "[[certificate.hook]]\ntype = \"exec\"\ncommand = [" + words + "]\n" + more;
}

}  // namespace certpivot::testing
