#include "recipes/staged_recipe.hpp"

#include <stdexcept>
#include <utility>

#include "support/account.hpp"
#include "support/recipe.hpp"

namespace certpivot::testing {

StagedRecipe::StagedRecipe(RecipeServer server) : server_(std::move(server)) {
  let_pass(stage_.root / "file");
  stage_.root.make("run");
  stage_.root.write("etc/pki/internal-ca.pem", a_.pem() + b_.pem());
  stage_.recipe = below(stage_.root.path(), recipe(server_.recipe));
  put(stage_.recipe, "ca_grace = \"24h\"", "ca_grace = \"1s\"");
  server_.prepare(stage_);
  place_first_pair();
  running_ = server_.start(stage_);
  put(stage_.recipe, server_.address, "127.0.0.1:" + std::to_string(stage_.port));
  write_config();
}

void StagedRecipe::place_first_pair() {
  first_ = issue(a_);
  offer(first_, a_.pem());
  write_config();
  Outcome const once = certpivot(first_placement(stage_.recipe));
  // 70: it is published, and nobody is there yet who could be told.
  bool const placed = once.exit_code == 0 || once.exit_code == 70;
  if (!placed || leaf_fingerprint(read_file(published_ / "tls.crt")) != first_.fingerprint)
    throw std::runtime_error("the first pair was not placed: " + once.err);
}

Daemon& StagedRecipe::run() {
  daemon_.emplace(config_);
  daemon_->wait_until_settled();
  return *daemon_;
}

void StagedRecipe::write_config(std::string const& more) const {
  stage_.root.write("etc/certpivot/certpivot.toml",
                    "[agent]\nstate = \"" + stage_.path("/var/lib/certpivot") +
                        "\"\nlog = { format = \"json\" }\n\n" + stage_.recipe + more);
}

Pair StagedRecipe::issue(Authority const& authority) {
  issued_.push_back(authority.issue({.names = {server_.certificate + ".internal"}}));
  return issued_.back();
}

void StagedRecipe::offer(Pair const& pair, std::string const& bundle) {
  source_.write({{"tls.crt", pair.certificate_pem}, {"tls.key", pair.key_pem}, {"ca.crt", bundle}});
}

Look StagedRecipe::look(Pair const& client) const {
  return look_at(stage_.port, &client, a_.pem() + b_.pem(), server_.talk);
}

}  // namespace certpivot::testing
