#include "command/verbs.hpp"
#include "plugins/builtin.hpp"

int main(int argc, char** argv) {
  certpivot::hook::Registry registry;
  certpivot::plugins::register_builtin(registry);
  return certpivot::command::dispatch(argc, argv, registry);
}
