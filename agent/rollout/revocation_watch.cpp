#include "rollout/revocation_watch.hpp"

#include "rollout/revocation.hpp"
#include "source/read.hpp"

namespace certpivot::rollout {

std::string about_in_force(publish::Number generation) {
  return "generation " + std::to_string(generation) + " in force: ";
}

RevocationWatch::Answer RevocationWatch::ask(settings::Certificate const& settings,
                                             InForce const& in_force, source::Evidence& evidence,
                                             WallTime now) {
  auto const way = settings.trust.revocation;
  if (way == settings::Revocation::off || in_force.generation == 0)
    return std::optional<std::string>();
  std::pair const about(source::Evidence::version(settings), in_force.generation);
  bool const by_crl = way == settings::Revocation::crl;
  if (by_crl && about == answered_for_ && now < holds_until_) return revoked_;
  Answer answer = revoked_;
  if (in_force.target != nullptr) {
    auto const content = in_force.target->load(in_force.generation);
    if (!content) return fail(content.error());
    answer = revoked_in_force(settings, content->view(), evidence, now);
  } else {
    auto const snapshot = source::read(settings.source);
    // What comes next is judged with its revocation.
    if (!snapshot || snapshot->digest != in_force.snapshot_digest) return revoked_;
    answer = revoked_in_force(settings, *snapshot, evidence, now);
  }
  if (!answer) return answer;
  answered_for_ = about;
  if (by_crl) holds_until_ = crls_hold_until(settings, evidence, now);
  return answer;
}

RevocationWatch::News RevocationWatch::note(Answer const& answer) {
  News news;
  if (!answer) {
    std::string text = answer.error().text();
    if (text != unknown_) news.unknown = text;
    unknown_ = std::move(text);
    return news;
  }
  if (!*answer && revoked_) news.recovered = "it is no longer revoked";
  if (!*answer && !unknown_.empty()) news.recovered = "it is not revoked, which can be told again";
  unknown_.clear();
  if (*answer && *answer != revoked_) news.revoked = **answer;
  revoked_ = *answer;
  return news;
}

}  // namespace certpivot::rollout
