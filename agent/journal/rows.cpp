#include "journal/rows.hpp"

namespace certpivot::journal {

namespace {

WallTime take_time(Query& query) { return WallTime(Duration(query.integer())); }

/// SQLite's integers are signed; numbers of generations never come near the end.
std::uint64_t take_number(Query& query) { return static_cast<std::uint64_t>(query.integer()); }

}  // namespace

std::int64_t to_integer(WallTime time) { return time.time_since_epoch().count(); }

std::string join_names(std::vector<std::string> const& names) {
  std::string joined;
  for (std::string const& name : names) {
    for (char const character : name) {
      if (character == '\n')
        joined += "\\n";
      else if (character == '\\')
        joined += "\\\\";
      else
        joined += character;
    }
    joined += '\n';
  }
  return joined;
}

std::vector<std::string> split_names(std::string const& joined) {
  std::vector<std::string> names;
  std::string name;
  bool escaped = false;
  for (char const character : joined) {
    if (escaped) {
      name += character == 'n' ? '\n' : character;
      escaped = false;
    } else if (character == '\\') {
      escaped = true;
    } else if (character == '\n') {
      names.push_back(std::move(name));
      name.clear();
    } else {
      name += character;
    }
  }
  return names;
}

void put_leaf(Query& query, std::optional<CertificateFacts> const& leaf) {
  if (!leaf) {
    for (int column = 0; column < 9; ++column) query << nullptr;
    return;
  }
  query << leaf->subject << leaf->issuer << leaf->serial << leaf->fingerprint
        << join_names(leaf->names) << leaf->key << std::int64_t{leaf->security_bits}
        << to_integer(leaf->not_before) << to_integer(leaf->not_after);
}

std::optional<CertificateFacts> take_leaf(Query& query) {
  if (query.is_null()) return std::nullopt;
  CertificateFacts leaf;
  leaf.subject = query.text();
  leaf.issuer = query.text();
  leaf.serial = query.text();
  leaf.fingerprint = query.text();
  leaf.names = split_names(query.text());
  leaf.key = query.text();
  leaf.security_bits = static_cast<unsigned>(query.integer());
  leaf.not_before = take_time(query);
  leaf.not_after = take_time(query);
  return leaf;
}

Rollout take_rollout(Query& query) {
  Rollout rollout;
  rollout.id = query.integer();
  rollout.certificate = query.text();
  rollout.generation = take_number(query);
  rollout.previous = take_number(query);
  rollout.digest = query.text();
  rollout.step = query.text();
  rollout.outcome = query.text();
  rollout.reason = query.text();
  rollout.started = take_time(query);
  rollout.ended = take_time(query);
  rollout.leaf = take_leaf(query);
  return rollout;
}

}  // namespace certpivot::journal
