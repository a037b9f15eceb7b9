#include "plugin.hpp"

#include <sys/stat.h>

#include "support/program.hpp"

namespace certpivot::testing {

namespace fs = std::filesystem;

fs::path install_grpc_plugin(TempDirectory const& directory) {
  auto const plugins = directory.make("plugins");
  fs::copy_file(CERTPIVOT_GRPC_PLUGIN, plugins / "certpivot-grpc");
  // Whatever the umask of the build: the daemon runs nothing that others may write.
  for (auto const& path : {plugins, plugins / "certpivot-grpc"}) ::chmod(path.c_str(), 0755);
  return plugins;
}

void use_grpc_hook(Scene& scene, std::string const& keys) {
  scene.agent_keys = "plugins = \"" + install_grpc_plugin(scene.directory).string() + "\"\n";
  scene.hooks = "[[certificate.hook]]\ntype = \"grpc\"\n" + keys;
}

std::string ask_grpc_plugin(std::string const& action, std::string const& config,
                            std::string const& event) {
  TempDirectory const directory;
  auto const question =
      directory.write("question", "{\"version\":1,\"action\":\"" + action +
                                      "\",\"config\":" + config + ",\"event\":" + event + "}\n");
  Outcome const outcome =
      run_program({"/bin/sh", "-c", R"("$0" < "$1")", CERTPIVOT_GRPC_PLUGIN, question});
  return outcome.out + outcome.err;
}

}  // namespace certpivot::testing
