#include "publish/owner.hpp"

#include <charconv>
#include <grp.h>
#include <limits>
#include <optional>
#include <pwd.h>
#include <vector>

namespace certpivot::publish {

namespace {

constexpr std::size_t largest_entry = 1 << 20;  ///< a group may list many members

/// -1 means "leave it" to chown(2), so it is no owner.
std::optional<::id_t> parse_id(std::string const& text) {
  ::id_t id = 0;
  auto const [rest, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (error != std::errc() || rest != text.data() + text.size()) return std::nullopt;
  if (id == std::numeric_limits<::id_t>::max()) return std::nullopt;
  return id;
}

/// Runs getpwnam_r(3) or getgrnam_r(3) with room that grows while it is too small.
template <class Entry, class Lookup>
Result<::id_t> look_up(Lookup lookup, std::string const& name, ::id_t Entry::*id,
                       std::string const& kind) {
  std::vector<char> room(4096);
  for (;;) {
    Entry entry{};
    Entry* found = nullptr;
    int const error = lookup(name.c_str(), &entry, room.data(), room.size(), &found);
    if (error == ERANGE && room.size() < largest_entry) {
      room.resize(room.size() * 2);
      continue;
    }
    if (found != nullptr) return found->*id;
    std::string const what = "cannot give the published files to the " + kind;
    std::string const remedy =
        "make the " + kind + ", or correct publish." + (kind == "user" ? "owner" : "group");
    // The manual pages name several codes for "no such entry" beside 0.
    if (error == 0 || error == ENOENT || error == ESRCH || error == EBADF || error == EPERM)
      return fail(what, name, "no such " + kind, remedy);
    return fail_errno(what, name, remedy, error);
  }
}

}  // namespace

Result<Owner> resolve_owner(settings::Publish const& publish) {
  Owner owner;
  if (publish.owner) {
    auto const id = parse_id(*publish.owner);
    auto const user =
        id ? Result<::id_t>(*id)
           : look_up<::passwd>(::getpwnam_r, *publish.owner, &::passwd::pw_uid, "user");
    if (!user) return fail(user.error());
    owner.user = *user;
  }
  if (publish.group) {
    auto const id = parse_id(*publish.group);
    auto const group =
        id ? Result<::id_t>(*id)
           : look_up<::group>(::getgrnam_r, *publish.group, &::group::gr_gid, "group");
    if (!group) return fail(group.error());
    owner.group = *group;
  }
  return owner;
}

std::string owner_text(settings::Publish const& publish) {
  std::string text = publish.owner.value_or("");
  if (publish.group) text += ":" + *publish.group;
  return text;
}

}  // namespace certpivot::publish
