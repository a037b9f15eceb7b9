#include "base/placeholders.hpp"

#include <doctest/doctest.h>

using certpivot::fill_placeholders;

TEST_CASE("placeholders get their values, and all other text stays") {
  auto const value = [](std::string_view name) { return "<" + std::string(name) + ">"; };
  struct Row {
    char const* text;
    char const* filled;
  };
  for (auto const& [text, filled] :
       {Row{"", ""}, Row{"plain", "plain"}, Row{"{{a}}", "<a>"},
        Row{"x{{ a_b }}y{{c-9}}", "x<a_b>y<c-9>"},
        Row{R"({"a":{"b":{{n}}}})", R"({"a":{"b":<n>}})"},
        Row{R"({"a":{{{n}}}})", R"({"a":{<n>}})"}, Row{"{{}}", "{{}}"}, Row{"{{ }}", "{{ }}"},
        Row{R"({{"a"}})", R"({{"a"}})"}, Row{"{{a b}}", "{{a b}}"}, Row{"{{a", "{{a"},
        Row{"{{a}", "{{a}"}, Row{"{a}}", "{a}}"}, Row{"{{a {{b}}", "{{a <b>"}})
    CHECK(fill_placeholders(text, value) == filled);
}

TEST_CASE("a value is not looked at for further placeholders") {
  CHECK(fill_placeholders("{{a}}{{a}}", [](std::string_view) { return "{{a}}"; }) == "{{a}}{{a}}");
}
