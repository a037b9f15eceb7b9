#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "publish/directory.hpp"
#include "support/script.hpp"

namespace certpivot::testing {

/// A publish directory in memory, with the contract of publish::Target. It outlives the "process":
/// after a Script::Crash and Script::reopen() it stands as the calls that were done left it. Every
/// call but the two for paths is in the script, as "publish.<call> <number>".
class MemoryPublish final : public publish::Target {
 public:
  explicit MemoryPublish(Script& script, std::string directory = "/publish");

  Result<void> prepare() override;
  Result<publish::Number> current() override;
  Result<std::vector<publish::Number>> generations() override;
  Result<void> stage(publish::Number number, publish::Content const& content) override;
  Result<void> pivot(publish::Number number) override;
  Result<void> owe(bool hooks) override;
  Result<bool> owes() override;
  Result<publish::StoredContent> load(publish::Number number) override;
  Result<void> discard(publish::Number number) override;
  Result<void> prune(unsigned keep, publish::Number also) override;
  publish::Paths paths(bool with_ca) const override;

  struct Files {
    std::string certificate = {};
    std::string key = {};
    std::optional<std::string> ca = {};
    std::optional<std::string> crl = {};
    std::vector<std::string> extras = {};  ///< names: the double makes no bytes for them
    bool operator==(Files const&) const = default;
  };
  /// What a server would read now, for the test to look at; nothing where nothing is current.
  [[nodiscard]] std::optional<Files> served() const;
  [[nodiscard]] publish::Number current_number() const;
  [[nodiscard]] std::vector<publish::Number> numbers() const;

 private:
  template <class Answer, class Step>
  [[nodiscard]] Result<Answer> call(std::string const& name, Step step);

  Script& script_;
  std::string directory_;
  mutable std::mutex mutex_ = {};
  std::map<publish::Number, Files> files_ = {};
  publish::Number current_ = 0;
  bool owed_ = false;
};

}  // namespace certpivot::testing
