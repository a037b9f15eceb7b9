#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>

#include "base/result.hpp"

namespace certpivot::grpc_plugin {

/// What the event says about the generation in force.
struct Event {
  std::string certificate = {};
  std::uint64_t generation = 0;  ///< 0 for none
  std::string fingerprint = {};
  struct Paths {
    std::string certificate = {};
    std::string key = {};
    std::string ca = {};  ///< empty for none
  };
  Paths paths = {};
};

/// What certpivot asks on standard input (certpivot-plugin(7)).
struct Question {
  enum class Action { describe, check, reload };
  Action action = Action::describe;
  boost::json::object config = {};
  Event event = {};
};

/// Errors: not one JSON object, another version than 1, an action that this plugin does not have.
[[nodiscard]] Result<Question> read_question(std::string_view input);

/// The line for standard output; `more` are further members.
[[nodiscard]] std::string good_answer(std::string const& message, boost::json::object more = {});
[[nodiscard]] std::string bad_answer(Error const& error);

}  // namespace certpivot::grpc_plugin
