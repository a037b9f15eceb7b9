#include "hook/protocol.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "base/words.hpp"
#include "process/child.hpp"

namespace certpivot::hook {

namespace {

namespace json = boost::json;

constexpr int version = 1;
constexpr std::array types{"string", "integer", "number", "boolean", "array", "object"};

tl::unexpected<Error> no_answer(std::string why) {
  return fail("it did not answer as a plugin does", {}, std::move(why),
              "see certpivot-plugin(7), or ask who made it");
}

std::string printable(json::string const& text) {
  return process::last_words({text.data(), text.size()});
}

Result<json::object> object_in(std::string_view output) {
  json::error_code failure;
  // Nothing may follow it: who answers twice has said nothing that can be relied on.
  auto value = json::parse({output.data(), output.size()}, failure);
  if (failure) return no_answer("standard output is not one JSON object: " + failure.message());
  auto* const object = value.if_object();
  if (object == nullptr) return no_answer("standard output is JSON, but no object");
  if (auto const* spoken = object->if_contains("version"))
    if (!spoken->is_int64() || spoken->get_int64() != version)
      return no_answer("it speaks version " + json::serialize(*spoken) + " of the protocol, not 1");
  return std::move(*object);
}

Result<json::object> accepted_object(std::string_view output) {
  auto object = object_in(output);
  if (!object) return object;
  auto const* const ok = object->if_contains("ok");
  if (ok == nullptr || !ok->is_bool()) return no_answer("there is no \"ok\", true or false");
  if (ok->get_bool()) return object;
  auto const* const message = object->if_contains("message");
  auto const* const text = message == nullptr ? nullptr : message->if_string();
  return fail(text == nullptr || text->empty() ? "it refuses without a message" : printable(*text));
}

bool is_of_type(json::value const& value, std::string_view type) {
  if (type == "string") return value.is_string();
  if (type == "integer") return value.is_int64() || value.is_uint64();
  if (type == "number") return value.is_number();
  if (type == "boolean") return value.is_bool();
  if (type == "array") return value.is_array();
  return value.is_object();
}

Result<Description::Key> read_key(std::string const& key, json::value const& value) {
  auto const* const facts = value.if_object();
  auto const* const type = facts == nullptr ? nullptr : facts->if_contains("type");
  std::string const word =
      type != nullptr && type->is_string() ? printable(type->get_string()) : "";
  if (std::find(types.begin(), types.end(), word) == types.end())
    return no_answer("it describes its key " + key + " without a type that is one of " +
                     joined({types.begin(), types.end()}));
  auto const* const required = facts->if_contains("required");
  return Description::Key{word, required != nullptr && required->is_bool() && required->get_bool()};
}

}  // namespace

std::string_view name(Action action) {
  switch (action) {
    case Action::describe:
      return "describe";
    case Action::check:
      return "check";
    case Action::reload:
      return "reload";
    case Action::alert:
      break;
  }
  return "alert";
}

std::string question(Action action, std::string const& config, event::Event const& event) {
  json::object object;
  object["version"] = version;
  object["action"] = json::string_view(name(action).data(), name(action).size());
  object["config"] = json::parse(config);
  object["event"] = json::parse(event::to_json(event));
  return json::serialize(object) + "\n";
}

Result<void> read_answer(std::string_view output) {
  auto const object = accepted_object(output);
  if (!object) return fail(object.error());
  return {};
}

Result<Description> read_description(std::string_view output) {
  auto const object = accepted_object(output);
  if (!object) return fail(object.error());
  Description description;
  if (auto const* const actions = object->if_contains("actions");
      actions != nullptr && actions->is_array())
    for (json::value const& action : actions->get_array())
      if (action.is_string()) description.actions.insert(printable(action.get_string()));
  auto const* const config = object->if_contains("config");
  if (config == nullptr) return description;
  if (!config->is_object()) return no_answer("its \"config\" is no object of keys");
  for (auto const& member : config->get_object()) {
    std::string const key(member.key().data(), member.key().size());
    auto read = read_key(key, member.value());
    if (!read) return fail(read.error());
    description.config.emplace(key, std::move(*read));
  }
  return description;
}

Result<void> judge_config(std::string const& config, Description const& description) {
  auto const given = json::parse(config).as_object();
  std::vector<std::string> wrong;
  for (auto const& member : given) {
    std::string const key(member.key().data(), member.key().size());
    auto const known = description.config.find(key);
    if (known == description.config.end())
      wrong.push_back("unknown key '" + key + "'");
    else if (!is_of_type(member.value(), known->second.type))
      wrong.push_back("'" + key + "' must be of type " + known->second.type);
  }
  for (auto const& [key, facts] : description.config)
    if (facts.required && !given.contains(key))
      wrong.push_back("required key '" + key + "' is missing");
  if (wrong.empty()) return {};
  return fail("the plugin does not take its keys", {}, joined(wrong), "correct the hook's table");
}

}  // namespace certpivot::hook
