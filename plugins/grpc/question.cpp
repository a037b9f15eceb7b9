#include "plugins/grpc/question.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "base/utf8.hpp"

namespace certpivot::grpc_plugin {

namespace {

namespace json = boost::json;

constexpr std::int64_t version = 1;

std::string text_of(json::object const& object, char const* member) {
  auto const* const value = object.if_contains(member);
  auto const* const string = value == nullptr ? nullptr : value->if_string();
  return string == nullptr ? std::string() : std::string(string->data(), string->size());
}

json::object part(json::object const& object, char const* member) {
  auto const* const value = object.if_contains(member);
  auto const* const found = value == nullptr ? nullptr : value->if_object();
  return found == nullptr ? json::object() : *found;
}

std::optional<Question::Action> action(std::string const& name) {
  if (name == "describe") return Question::Action::describe;
  if (name == "check") return Question::Action::check;
  if (name == "reload") return Question::Action::reload;
  return std::nullopt;
}

Event read_event(json::object const& event) {
  Event read{.certificate = text_of(event, "certificate"),
             .fingerprint = text_of(event, "fingerprint")};
  if (auto const* const number = event.if_contains("generation");
      number != nullptr && number->is_int64())
    read.generation = static_cast<std::uint64_t>(std::max<std::int64_t>(number->get_int64(), 0));
  auto const paths = part(event, "paths");
  read.paths = {text_of(paths, "certificate"), text_of(paths, "key"), text_of(paths, "ca")};
  return read;
}

tl::unexpected<Error> not_a_question(std::string why) {
  return fail("standard input is not what certpivot asks a plugin", {}, std::move(why),
              "this program is run by certpivot, for hooks of type \"grpc\"");
}

}  // namespace

Result<Question> read_question(std::string_view input) {
  json::error_code failure;
  auto const value = json::parse({input.data(), input.size()}, failure);
  if (failure) return not_a_question(failure.message());
  auto const* const object = value.if_object();
  if (object == nullptr) return not_a_question("it is no JSON object");
  auto const* const spoken = object->if_contains("version");
  if (spoken == nullptr || !spoken->is_int64() || spoken->get_int64() != version)
    return not_a_question("this plugin speaks version 1 of the protocol");
  auto const asked = action(text_of(*object, "action"));
  if (!asked) return not_a_question("this plugin can describe, check and reload");
  return Question{*asked, part(*object, "config"), read_event(part(*object, "event"))};
}

std::string good_answer(std::string const& message, json::object more) {
  more["version"] = version;
  more["ok"] = true;
  more["message"] = valid_utf8(message);
  return json::serialize(more) + "\n";
}

std::string bad_answer(Error const& error) {
  return json::serialize(json::object{
             {"version", version}, {"ok", false}, {"message", valid_utf8(error.text())}}) +
         "\n";
}

}  // namespace certpivot::grpc_plugin
