#include "plugins/builtin.hpp"

#include <doctest/doctest.h>

#include "support/run_task.hpp"

using namespace certpivot;

TEST_CASE("every built-in type makes a hook that has a name") {
  Log log(LogLevel::error, LogFormat::text, false);
  hook::Registry registry;
  plugins::register_builtin(registry);
  CHECK(registry.types() ==
        std::vector<std::string>{"exec", "haproxy", "http", "nginx", "signal", "systemd"});
  for (auto const& type : registry.types()) {
    settings::Hook settings;
    settings.type = type;
    auto const hook = registry.make(settings, {log, "web", testing::lasting_workers()});
    REQUIRE(hook.has_value());
    CHECK((*hook)->name().rfind(type, 0) == 0);
  }
}
