#include "support/memory_publish.hpp"

#include <iterator>
#include <utility>

namespace certpivot::testing {

using publish::Number;

MemoryPublish::MemoryPublish(Script& script, std::string directory)
    : script_(script), directory_(std::move(directory)) {}

template <class Answer, class Step>
Result<Answer> MemoryPublish::call(std::string const& name, Step step) {
  if (auto planned = script_.enter("publish." + name); !planned) return fail(planned.error());
  Result<Answer> answer = [&] {
    std::scoped_lock const alone(mutex_);
    return step();
  }();
  script_.leave();
  return answer;
}

Result<void> MemoryPublish::prepare() {
  return call<void>("prepare", [this] {
    owed_ = owed_ && current_ != 0;
    return Result<void>();
  });
}

Result<Number> MemoryPublish::current() {
  return call<Number>("current", [this] { return Result<Number>(current_); });
}

Result<std::vector<Number>> MemoryPublish::generations() {
  return call<std::vector<Number>>("generations", [this] {
    std::vector<Number> numbers;
    for (auto const& [number, files] : files_) numbers.push_back(number);
    return Result<std::vector<Number>>(std::move(numbers));
  });
}

Result<void> MemoryPublish::stage(Number number, publish::Content const& content) {
  return call<void>("stage " + std::to_string(number), [&]() -> Result<void> {
    if (files_.contains(number)) return fail("cannot stage", directory_, "it is there already");
    Files files{std::string(content.certificate), std::string(content.key), {}, {}, content.extras};
    if (content.ca) files.ca = std::string(*content.ca);
    if (content.crl) files.crl = std::string(*content.crl);
    files_.emplace(number, std::move(files));
    return {};
  });
}

Result<void> MemoryPublish::pivot(Number number) {
  return call<void>("pivot " + std::to_string(number), [&]() -> Result<void> {
    if (!files_.contains(number)) return fail("cannot pivot", directory_, "it is not there");
    current_ = number;
    return {};
  });
}

Result<publish::StoredContent> MemoryPublish::load(Number number) {
  return call<publish::StoredContent>(
      "load " + std::to_string(number), [&]() -> Result<publish::StoredContent> {
        auto const found = files_.find(number);
        if (found == files_.end()) return fail_errno("cannot read back", directory_, {}, ENOENT);
        publish::StoredContent content;
        content.certificate = found->second.certificate;
        content.key = Secret::copy_of(found->second.key);
        content.ca = found->second.ca;
        content.crl = found->second.crl;
        content.extras = found->second.extras;
        return content;
      });
}

Result<void> MemoryPublish::owe(bool hooks) {
  return call<void>(hooks ? "owe" : "owe nothing", [&] {
    owed_ = hooks;
    return Result<void>();
  });
}

Result<bool> MemoryPublish::owes() {
  return call<bool>("owes", [&] { return Result<bool>(owed_); });
}

Result<void> MemoryPublish::discard(Number number) {
  return call<void>("discard " + std::to_string(number), [&]() -> Result<void> {
    if (number == current_) return fail("cannot remove", directory_, "it is the current one");
    files_.erase(number);
    return {};
  });
}

Result<void> MemoryPublish::prune(unsigned keep, Number also) {
  return call<void>("prune " + std::to_string(keep), [&] {
    for (auto entry = files_.begin(); entry != files_.end() && files_.size() > keep;) {
      bool const stays = entry->first == current_ || entry->first == also;
      entry = stays ? std::next(entry) : files_.erase(entry);
    }
    return Result<void>();
  });
}

publish::Paths MemoryPublish::paths(bool with_ca) const {
  std::string const below = directory_ + "/current/";
  return {below + "tls.crt", below + "tls.key", with_ca ? below + "ca.crt" : ""};
}

std::optional<MemoryPublish::Files> MemoryPublish::served() const {
  std::scoped_lock const alone(mutex_);
  auto const found = files_.find(current_);
  return found == files_.end() ? std::nullopt : std::optional(found->second);
}

Number MemoryPublish::current_number() const {
  std::scoped_lock const alone(mutex_);
  return current_;
}

std::vector<Number> MemoryPublish::numbers() const {
  std::scoped_lock const alone(mutex_);
  std::vector<Number> numbers;
  for (auto const& [number, files] : files_) numbers.push_back(number);
  return numbers;
}

}  // namespace certpivot::testing
