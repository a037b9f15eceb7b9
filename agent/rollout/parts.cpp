#include "rollout/parts.hpp"

#include "source/names.hpp"

namespace certpivot::rollout {

namespace {

LogLevel level_of(event::Kind kind) {
  switch (kind) {
    case event::Kind::refused:
    case event::Kind::source_lost:
      return LogLevel::warning;
    case event::Kind::rolled_back:
    case event::Kind::failed:
    case event::Kind::configuration_refused:
    case event::Kind::revoked:
    case event::Kind::not_served:
      return LogLevel::error;
    default:
      return LogLevel::notice;
  }
}

std::string codes_of(std::vector<event::Reason> const& reasons) {
  std::string codes;
  for (event::Reason const& reason : reasons) {
    if (!codes.empty()) codes += ' ';
    codes += reason.code;
  }
  return codes;
}

}  // namespace

std::string in_force_before(publish::Number number) {
  return "generation " + std::to_string(number) + ", in force before";
}

Result<crypto::ClientPair> published_pair(publish::Target& target, publish::Number number) {
  auto content = target.load(number);
  if (!content) return fail(std::move(content.error()));
  return crypto::ClientPair{std::move(content->certificate), std::move(content->key)};
}

event::Paths paths_of(Parts const& parts, bool with_ca) {
  if (parts.target) {
    auto const paths = parts.target->paths(with_ca);
    return {paths.certificate, paths.key, paths.ca};
  }
  auto paths = parts.in_source;
  if (!with_ca) paths.ca.clear();
  return paths;
}

event::Paths paths_of(source::Snapshot const& snapshot) {
  return {snapshot.certificate.facts.path, snapshot.key.facts.path,
          snapshot.ca ? snapshot.ca->facts.path : std::string()};
}

event::Paths paths_of(settings::Source const& source) {
  event::Paths paths;
  for (source::Name const& name : source::names_of(source)) {
    bool const bundle = name.role == source::Role::bundle;
    if (bundle || name.role == source::Role::certificate) paths.certificate = name.path;
    if (bundle || name.role == source::Role::key) paths.key = name.path;
    if (name.role == source::Role::ca) paths.ca = name.path;
  }
  return paths;
}

void tell(Log& log, event::Event const& event, std::string_view sentence) {
  LogFields fields{{"event", std::string(event::name(event.kind))}};
  if (event.generation != 0) fields.emplace_back("generation", event.generation);
  if (!event.hook.empty()) fields.emplace_back("hook", event.hook);
  if (!event.reasons.empty()) fields.emplace_back("reasons", codes_of(event.reasons));
  if (event.leaf) {
    fields.emplace_back("fingerprint", event.leaf->fingerprint);
    fields.emplace_back("not_after", to_rfc3339_seconds(event.leaf->not_after));
  }
  if (event.duration) fields.emplace_back("duration_ms", event.duration->count());
  log.write(level_of(event.kind), event.certificate, sentence, fields);
}

}  // namespace certpivot::rollout
