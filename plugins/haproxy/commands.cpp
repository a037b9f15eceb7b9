#include "plugins/haproxy/commands.hpp"

#include <algorithm>
#include <cstring>

#include "base/words.hpp"

namespace certpivot::plugins {

namespace {

/// Texts written behind each other into wiped memory that is large enough for them.
class Writer {
 public:
  explicit Writer(std::size_t most) : to_(most) {}
  void add(std::string_view text) {
    std::memcpy(to_.bytes().data() + size_, text.data(), text.size());
    size_ += text.size();
  }
  void add_lines(std::string_view text) {
    while (!text.empty()) {
      auto const line = first_line(text);
      text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
      if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
      add(line);
      add("\n");
    }
  }
  [[nodiscard]] Secret taken() {
    to_.truncate(size_);
    return std::move(to_);
  }

 private:
  Secret to_;
  std::size_t size_ = 0;
};

}  // namespace

bool is_one_word(std::string_view name) {
  constexpr std::string_view special = "\\\"'; \t\r\n#";
  return !name.empty() && name.find_first_of(special) == std::string_view::npos;
}

Secret replacement(std::string const& name, std::string_view certificate, std::string_view key) {
  auto const set = "set ssl cert " + name + " <<\n";
  auto const commit = "\ncommit ssl cert " + name + "\n";
  // One more for each text, whose last line may have no end.
  Writer writer(set.size() + certificate.size() + 1 + key.size() + 1 + commit.size());
  writer.add(set);
  writer.add_lines(certificate);
  writer.add_lines(key);
  writer.add(commit);
  return writer.taken();
}

}  // namespace certpivot::plugins
