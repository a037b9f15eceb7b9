#include "hook/external.hpp"

#include <utility>

#include "hook/plugin.hpp"

namespace certpivot::hook {

namespace {

class ExternalHook final : public Hook {
 public:
  ExternalHook(settings::Hook const& settings, Tools const& tools)
      : type_(settings.type), plugin_(settings.type, settings.external, settings.timeout, tools) {}

  [[nodiscard]] std::string name() const override { return type_; }

  Task<Result<void>> check(event::Event const& event) override {
    auto const description = co_await plugin_.describe(Action::reload);
    if (!description) co_return fail(description.error());
    if (!description->actions.contains("check")) co_return Result<void>();
    co_return co_await plugin_.obey(Action::check, event);
  }

  Task<Result<void>> reload(event::Event const& event) override {
    co_return co_await plugin_.obey(Action::reload, event);
  }

 private:
  std::string type_;
  Plugin plugin_;
};

}  // namespace

std::unique_ptr<Hook> make_external_hook(settings::Hook const& settings, Tools const& tools) {
  return std::make_unique<ExternalHook>(settings, tools);
}

Task<Result<void>> judge_external_hook(settings::Hook settings, Tools tools) {
  Plugin const plugin(settings.type, settings.external, settings.timeout, tools);
  auto const description = co_await plugin.describe(Action::reload);
  if (!description) co_return fail(description.error());
  co_return Result<void>();
}

}  // namespace certpivot::hook
