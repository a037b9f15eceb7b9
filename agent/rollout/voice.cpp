#include "rollout/voice.hpp"

namespace certpivot::rollout {

event::Event Voice::about(event::Kind kind) const {
  event::Event event;
  event.time = world_.wall.now();
  event.kind = kind;
  event.certificate = certificate_;
  return event;
}

void Voice::notice(std::string const& sentence) const { world_.log.notice(certificate_, sentence); }

void Voice::warning(std::string const& sentence) const {
  world_.log.warning(certificate_, sentence);
}

void Voice::error(std::string const& sentence) const { world_.log.error(certificate_, sentence); }

void Voice::say(event::Kind kind, journal::InForce const& in_force,
                std::string const& sentence) const {
  event::Event event = about(kind);
  event.generation = in_force.generation;
  tell(world_.log, event, sentence);
}

void Voice::accepted(journal::Rollout const& record, bool same_pair) const {
  event::Event accepted = about(event::Kind::accepted);
  accepted.generation = record.generation;
  accepted.leaf = record.leaf;
  std::string const number = "generation " + std::to_string(record.generation);
  std::string const subject = record.leaf ? record.leaf->subject : std::string();
  tell(world_.log, accepted,
       same_pair ? number + " takes what was accepted beside the pair in force: " + subject
                 : "accepted as " + number + ": " + subject);
}

void Voice::refused(Examination const& found, journal::InForce const& in_force) const {
  event::Event refused = about(event::Kind::refused);
  refused.leaf = found.leaf;
  std::string sentence = "refused";
  for (trust::Refusal const& refusal : found.refusals) {
    refused.reasons.push_back({std::string(code(refusal.reason)), refusal.text});
    sentence += (refused.reasons.size() == 1 ? ": " : "; also ") + refusal.text;
  }
  sentence += in_force.generation == 0
                  ? "; nothing is in force yet"
                  : "; generation " + std::to_string(in_force.generation) + " stays in force";
  tell(world_.log, refused, sentence);
}

void Voice::revoked(journal::InForce const& in_force, std::string const& sentence) const {
  event::Event revoked = about(event::Kind::revoked);
  revoked.generation = in_force.generation;
  revoked.leaf = in_force.leaf;
  revoked.reasons = {{std::string(code(trust::Reason::revoked)), sentence}};
  tell(world_.log, revoked,
       "generation " + std::to_string(in_force.generation) +
           " is in force and revoked, and stays until there is a better one: " + sentence);
}

void Voice::not_served(journal::InForce const& in_force, std::string const& sentence) const {
  event::Event not_served = about(event::Kind::not_served);
  not_served.generation = in_force.generation;
  not_served.leaf = in_force.leaf;
  not_served.reasons = {{"not_served", sentence}};
  tell(world_.log, not_served, sentence);
}

}  // namespace certpivot::rollout
