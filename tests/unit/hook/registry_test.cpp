#include "hook/registry.hpp"

#include <doctest/doctest.h>

#include "log/log.hpp"
#include "support/run_task.hpp"

using namespace certpivot;

TEST_CASE("an unknown type of hook is an error that names those of this build") {
  Log log(LogLevel::error, LogFormat::text, false);
  hook::Registry registry;
  registry.add("signal", [](auto const&, auto const&) { return nullptr; });
  registry.add("exec", [](auto const&, auto const&) { return nullptr; });
  settings::Hook settings;
  settings.type = "telepathy";
  auto const hook = registry.make(settings, {log, "web", testing::lasting_workers()});
  REQUIRE(!hook.has_value());
  CHECK(hook.error().text() == "there is no hook of type telepathy; this build has exec, signal");
  CHECK(registry.types() == std::vector<std::string>{"exec", "signal"});
  settings.type = "exec";
  CHECK(registry.make(settings, {log, "web", testing::lasting_workers()}).has_value());
}
