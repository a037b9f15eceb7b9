#include <unistd.h>

#include "recipes/servers.hpp"
#include "support/recipe.hpp"
#include "support/server.hpp"

namespace certpivot::testing {

namespace {

// What Debian's apache2.conf brings around the site.
std::string around(RecipeServer::Stage const& stage) {
  std::string text = "ServerRoot " + stage.root.string() +
                     "\nServerName web.internal\nErrorLog error.log\nPidFile " +
                     stage.path("/run/apache2/apache2.pid") + "\nDefaultRuntimeDir run\n";
  for (std::string const module : {"mpm_event", "ssl", "authz_core", "alias"})
    text += "LoadModule " + module + "_module /usr/lib/apache2/modules/mod_" + module + ".so\n";
  if (::geteuid() == 0) text += "User www-data\nGroup www-data\n";
  return text + "Listen 127.0.0.1:" + std::to_string(stage.port) + "\nRedirect 200 /\n";
}

std::shared_ptr<void> start_apache(RecipeServer::Stage& stage) {
  std::string site = server_lines(stage.recipe);
  put(site, "*:443", "127.0.0.1:" + std::to_string(stage.port));
  stage.root.make("run/apache2");
  auto const config = stage.root.write("etc/apache2/apache2.conf", around(stage) + site);
  return std::make_shared<Server>(ServerOptions{
      .command = {"/usr/sbin/apache2", "-D", "FOREGROUND", "-f", config}, .port = stage.port});
}

}  // namespace

RecipeServer apache_server() { return {.recipe = "apache.toml", .start = start_apache}; }

}  // namespace certpivot::testing
