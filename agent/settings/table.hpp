#pragma once

#include <functional>
#include <initializer_list>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <toml++/toml.h>

#include "base/units.hpp"
#include "settings/choice.hpp"
#include "settings/quote.hpp"
#include "settings/report.hpp"

namespace certpivot::settings {

/// What is wrong with a text, as the end of a sentence that starts with its key ("must be an
/// absolute path, not \"certs\""); empty where nothing is.
using Rule = std::string (*)(std::string const& text);

/// One table of a configuration file while it is read. It knows its file and its own full name,
/// gives each key its type, remembers which keys were asked for, and complains of the others in
/// finish().
///
/// Every reader below sets `value` and returns true where the key is given and well typed;
/// otherwise it leaves `value` as it is, the default, and complains if the key is given. A text
/// that breaks its rule still counts as read: the complaint alone keeps the settings from being
/// used, and what the key asks for may lead to further complaints.
class Table {
 public:
  /// `name` is empty for the file's root. Both references must outlive the table.
  Table(toml::table const& values, std::string name, std::string const& file, Report& report);

  bool text(std::string_view key, std::string& value, Rule rule = nullptr);
  bool texts(std::string_view key, std::vector<std::string>& value, Rule rule = nullptr);
  /// The same where an integer does as well, as its digits.
  bool texts_or_integers(std::string_view key, std::vector<std::string>& value, Rule rule);
  bool flag(std::string_view key, bool& value);
  bool count(std::string_view key, unsigned& value, unsigned least, unsigned most);
  bool duration(std::string_view key, Duration& value, Duration least, Duration most);
  bool mode(std::string_view key, Mode& value);
  /// One string: a duration or a percentage.
  bool threshold(std::string_view key, Threshold& value);
  /// The same, or an array with at most one of each.
  bool thresholds(std::string_view key, Threshold& value);
  /// A key of a later function whose form isn't settled yet.
  void anything(std::string_view key) { (void)ask(key); }
  /// One of a few words.
  template <class Value>
  bool choice(std::string_view key, Value& value, std::type_identity_t<Choices<Value>> choices);
  template <class Value>
  bool choice(std::string_view key, Value& value, std::initializer_list<Choice<Value>> choices) {
    return choice(key, value, Choices<Value>(choices.begin(), choices.size()));
  }

  /// Reads the table below `key` with `reader`, and complains of the keys that it did not ask for.
  bool within(std::string_view key, std::function<void(Table&)> const& reader);
  /// The same for each of the tables written [[key]].
  bool each(std::string_view key, std::function<void(Table&)> const& reader);

  /// The keys as the file has them, and the text below one of them: for a table whose keys are
  /// anybody's choice.
  [[nodiscard]] std::vector<std::string> keys() const;
  bool text_at(std::string const& key, std::string& value);
  /// The keys that were not asked for, as one JSON object; they are dealt with thereby.
  [[nodiscard]] std::string rest_as_json();

  /// Whether the file has the key, of whatever type.
  [[nodiscard]] bool has(std::string_view key) const { return values_.get(key) != nullptr; }
  /// The full name of a key: "certificate.source.poll".
  [[nodiscard]] std::string full_name(std::string_view key) const;
  /// The place of a key's value, or the table's where the key isn't given.
  [[nodiscard]] Place place(std::string_view key) const;
  [[nodiscard]] Place place() const;

  /// Complains at the table's place that `key` is missing.
  void require(std::string_view key);
  /// Complains of a key's value; `wrong` ends the sentence that the key's full name begins.
  void complain(std::string_view key, std::string const& wrong);
  /// The same in a sentence of its own.
  void remark(std::string_view key, std::string sentence);
  /// Complains of a key whose function this build lacks.
  void refuse(std::string_view key);
  /// The same of this table as a whole.
  void refuse();
  /// Complains of a key itself, and takes it as dealt with.
  void reject(std::string_view key, std::string text);
  /// Takes all keys that were not asked for as dealt with.
  void accept_rest();
  /// Complains of each key that nobody asked for, with the nearest one that somebody did. For the
  /// root; the tables below it are finished by within() and each().
  void finish();

 private:
  toml::node const* ask(std::string_view key);
  [[nodiscard]] Place place_of(toml::source_region const& region) const;
  std::optional<std::string> text_of(toml::node const& node, std::string const& subject, Rule rule);
  void add_threshold(toml::node const& node, std::string const& subject, Threshold& value);
  void wrong_type(toml::node const& node, std::string const& subject, std::string_view wanted);

  toml::table const& values_;
  std::string name_;
  std::string const& file_;
  Report& report_;
  std::vector<std::string_view> known_ = {};  ///< literals of the readers
  std::set<std::string, std::less<>> dealt_with_ = {};
};

template <class Value>
bool Table::choice(std::string_view key, Value& value,
                   std::type_identity_t<Choices<Value>> choices) {
  std::string text;
  if (!this->text(key, text)) return false;
  auto const found = chosen(text, choices);
  if (found) value = *found;
  if (!found) complain(key, no_such_word(text, words_of(choices)));
  return found.has_value();
}

}  // namespace certpivot::settings
