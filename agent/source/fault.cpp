#include "source/fault.hpp"

#include <array>
#include <cerrno>
#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/units.hpp"
#include "source/walk.hpp"

namespace certpivot::source {

namespace {

std::string sentence(std::string what, std::string where, std::string why, std::string remedy) {
  return Error{std::move(what), std::move(where), std::move(why), std::move(remedy), {}}.text();
}

std::string user_name(::uid_t user) {
  std::array<char, 4096> buffer{};
  struct ::passwd entry {};
  struct ::passwd* found = nullptr;
  (void)::getpwuid_r(user, &entry, buffer.data(), buffer.size(), &found);
  return found != nullptr ? found->pw_name : std::to_string(user);
}

std::string group_name(::gid_t group) {
  std::array<char, 4096> buffer{};
  struct ::group entry {};
  struct ::group* found = nullptr;
  (void)::getgrgid_r(group, &entry, buffer.data(), buffer.size(), &found);
  return found != nullptr ? found->gr_name : std::to_string(group);
}

/// "it belongs to root:root with mode 0600"; empty where even that is not to be had.
std::string ownership(std::string const& path) {
  struct ::stat facts {};
  if (::stat(path.c_str(), &facts) != 0) return {};
  return ", which belongs to " + user_name(facts.st_uid) + ":" + group_name(facts.st_gid) +
         " with mode " + to_text(Mode{facts.st_mode & 07777});
}

std::string missing_sentence(std::string const& path, Walk const& way) {
  std::string const* link = nullptr;
  std::string link_path;
  for (auto const& step : way.steps) {
    if (step.link_target.empty()) continue;
    link = &step.link_target;
    link_path = step.path();
  }
  auto const* const last = way.last();
  std::string const gone = last != nullptr ? last->path() : path;
  if (link != nullptr)
    return sentence("cannot read", path,
                    link_path + " is a link to " + *link + ", and " + gone + " does not exist",
                    "whoever writes the source has not finished, or the link is stale");
  if (way.to_the_end)
    return sentence("cannot read", path, "the file does not exist",
                    "it is read as soon as it is there; correct the name in the configuration if "
                    "another one is meant");
  return sentence("cannot read", path, "the directory " + gone + " does not exist",
                  "it is read as soon as it is there; correct the path in the configuration if "
                  "another one is meant");
}

std::string denied_sentence(std::string const& path, Walk const& way) {
  auto const user = user_name(::geteuid());
  auto const* const last = way.last();
  if (way.error == EACCES && last != nullptr)
    return sentence("cannot read", path,
                    "Permission denied: certpivot runs as user " + user + " and may not enter " +
                        last->directory + ownership(last->directory),
                    "give a group of that user access: chgrp GROUP " + last->directory +
                        " && chmod g+x " + last->directory);
  auto const file = last != nullptr ? last->path() : path;
  return sentence(
      "cannot read", path,
      "Permission denied: certpivot runs as user " + user + " and may not read " + file +
          ownership(file),
      "give a group of that user access: chgrp GROUP " + file + " && chmod g+r " + file);
}

std::string type_name(::mode_t type) {
  switch (type) {
    case S_IFDIR:
      return "a directory";
    case S_IFIFO:
      return "a FIFO";
    case S_IFSOCK:
      return "a socket";
    case S_IFCHR:
      return "a character device";
    case S_IFBLK:
      return "a block device";
    default:
      return "of an unknown type";
  }
}

}  // namespace

Fault fault_of(int errno_value, std::string const& path) {
  auto const way = walk(path);
  switch (errno_value) {
    case ENOENT:
      return {FaultKind::missing, path, missing_sentence(path, way)};
    case EACCES:
    case EPERM:
      return {FaultKind::unreadable, path, denied_sentence(path, way)};
    case ELOOP:
      return {FaultKind::unreadable, path,
              sentence("cannot read", path, "its links lead in a circle, or through more than 40",
                       "let the link lead to the file")};
    case ENOTDIR:
      return {FaultKind::unreadable, path,
              sentence("cannot read", path,
                       (way.last() != nullptr ? way.last()->path() : path) + " is not a directory",
                       "correct the path in the configuration")};
    default:
      return {FaultKind::unreadable, path,
              sentence("cannot read", path, system_text(errno_value), {})};
  }
}

Fault not_regular(std::string const& path, ::mode_t type) {
  return {FaultKind::not_regular, path,
          sentence("cannot read", path, "it is " + type_name(type) + ", not a regular file",
                   "name a file that holds PEM")};
}

Fault too_large(Name const& name, std::size_t limit) {
  bool const of_source = name.role == Role::crl && limit == size_limit;
  return {FaultKind::too_large, name.path,
          sentence("cannot read", name.path,
                   "it has more than " + std::to_string(limit) + " bytes, " +
                       (of_source ? "too many for a CRL to be published"
                                  : "which no file of that kind needs"),
                   of_source ? "name it in trust.crl_files instead" : "name the right file")};
}

Fault without_layout(std::string const& directory, std::string const& names) {
  return {
      FaultKind::missing, directory,
      sentence("cannot read", directory, "it holds none of the names that are looked for, " + names,
               "they are read as soon as they are there; name certificate and key, or the "
               "bundle, where others are meant")};
}

Fault changing(std::string const& path, int reads) {
  return {
      FaultKind::changing, path,
      sentence(
          "cannot read", path,
          "it was not the same twice in " + std::to_string(reads) + " reads in a row",
          "it is read again after the next change; if it never settles, two programs write it")};
}

}  // namespace certpivot::source
