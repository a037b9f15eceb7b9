#include "rollout/revocation_watch.hpp"

#include "rollout/revocation.hpp"

namespace certpivot::rollout {

std::optional<std::string> RevocationWatch::ask(settings::Certificate const& settings,
                                                publish::Target& target, publish::Number in_force,
                                                source::Evidence& evidence, WallTime now) {
  auto const way = settings.trust.revocation;
  if (way == settings::Revocation::off || in_force == 0) return {};
  std::pair const about(source::Evidence::version(settings), in_force);
  if (way == settings::Revocation::crl && about == asked_about_) return revoked_;
  auto const content = target.load(in_force);
  if (!content) return revoked_;  // taking stock says why
  asked_about_ = about;
  return revoked_in_force(settings, content->view(), evidence, now);
}

std::optional<std::string> RevocationWatch::note(std::optional<std::string> revoked) {
  bool const is_news = revoked && revoked != revoked_;
  revoked_ = std::move(revoked);
  return is_news ? revoked_ : std::nullopt;
}

}  // namespace certpivot::rollout
