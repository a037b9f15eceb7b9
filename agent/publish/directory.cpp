#include "publish/directory.hpp"

#include <filesystem>

#include "publish/formats.hpp"
#include "publish/names.hpp"
#include "publish/steps.hpp"

namespace certpivot::publish {

namespace {

/// Absolute and without a slash at the end.
std::string tidy(std::string const& path) {
  std::string tidied = std::filesystem::absolute(path).string();
  while (tidied.size() > 1 && tidied.back() == '/') tidied.pop_back();
  return tidied;
}

class Directory final : public Target {
 public:
  explicit Directory(settings::Publish const& publish)
      : publish_(publish), path_(tidy(publish.directory)) {}

  Result<void> prepare() override {
    auto const known = owner();
    if (!known) return fail(known.error());
    return prepare_directory(path_);
  }

  Result<Number> current() override {
    auto const opened = open_existing(path_);
    if (!opened) return fail(opened.error());
    return *opened ? read_current(**opened) : Result<Number>(0);
  }

  Result<std::vector<Number>> generations() override {
    auto const opened = open_existing(path_);
    if (!opened) return fail(opened.error());
    return *opened ? read_generations(**opened) : Result<std::vector<Number>>();
  }

  Result<void> stage(Number number, Content const& content) override {
    auto const known = owner();
    if (!known) return fail(known.error());
    auto const extras = extra_files(publish_, content);
    if (!extras) return fail(extras.error());
    return with_opened([&](Opened const& opened) {
      return stage_generation(
          opened, number, content, *extras,
          Access{*known, owner_text(publish_), publish_.certificate_mode, publish_.key_mode});
    });
  }

  Result<void> pivot(Number number) override {
    return with_opened([&](Opened const& opened) { return pivot_to(opened, number); });
  }

  Result<void> owe(bool hooks) override {
    return with_opened([&](Opened const& opened) { return note_debt(opened, hooks); });
  }

  Result<bool> owes() override {
    auto const opened = open_existing(path_);
    if (!opened) return fail(opened.error());
    return *opened && read_link((*opened)->root.get(), owed_name).has_value();
  }

  Result<StoredContent> load(Number number) override {
    auto const opened = open_prepared(path_);
    if (!opened) return fail(opened.error());
    return load_generation(*opened, number);
  }

  Result<void> discard(Number number) override {
    return with_opened([&](Opened const& opened) { return discard_generation(opened, number); });
  }

  Result<void> prune(unsigned keep, Number also) override {
    return with_opened([&](Opened const& opened) { return prune_generations(opened, keep, also); });
  }

  [[nodiscard]] Paths paths(bool with_ca) const override { return paths_in(current_name, with_ca); }

 private:
  template <class Step>
  [[nodiscard]] Result<void> with_opened(Step step) const {
    auto const opened = open_prepared(path_);
    if (!opened) return fail(opened.error());
    return step(*opened);
  }

  [[nodiscard]] Paths paths_in(std::string const& place, bool with_ca) const {
    std::string const below = path_ + "/" + place + "/";
    return {below + certificate_name, below + key_name, with_ca ? below + ca_name : ""};
  }

  /// Looked up once: the user database may be on the network.
  [[nodiscard]] Result<Owner> owner() {
    if (owner_) return *owner_;
    auto resolved = resolve_owner(publish_);
    if (resolved) owner_ = *resolved;
    return resolved;
  }

  settings::Publish publish_;
  std::string path_;
  std::optional<Owner> owner_ = {};
};

}  // namespace

std::unique_ptr<Target> make_directory(settings::Publish const& publish) {
  return std::make_unique<Directory>(publish);
}

}  // namespace certpivot::publish
