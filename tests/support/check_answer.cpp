#include "support/check_answer.hpp"

namespace certpivot::testing {

boost::json::object report_of(Outcome const& outcome) {
  auto const all = boost::json::parse(outcome.out);
  return all.as_object().at("certificates").as_array().at(0).as_object();
}

std::string text_of(boost::json::object const& report, std::string_view key) {
  auto const* const value = report.if_contains(key);
  return value == nullptr ? std::string() : std::string(value->as_string());
}

}  // namespace certpivot::testing
