#include "support/account.hpp"

#include <pwd.h>
#include <stdexcept>
#include <unistd.h>

namespace certpivot::testing {

namespace fs = std::filesystem;

std::string our_account() {
  ::passwd const* const user = ::getpwuid(::geteuid());
  return user != nullptr ? user->pw_name : std::to_string(::geteuid());
}

std::string account_or_ours(std::string const& wanted) {
  return ::geteuid() == 0 ? wanted : our_account();
}

std::vector<std::string> as_account(std::string const& wanted, std::vector<std::string> command) {
  if (::geteuid() != 0) return command;
  command.insert(command.begin(), {"/usr/bin/setpriv", "--reuid", wanted, "--regid", wanted,
                                   "--clear-groups", "--"});
  return command;
}

void give_to_account(std::string const& wanted, fs::path const& path) {
  if (::geteuid() != 0) return;
  ::passwd const* const user = ::getpwnam(wanted.c_str());
  if (user == nullptr || ::chown(path.c_str(), user->pw_uid, user->pw_gid) != 0)
    throw std::runtime_error("cannot give " + path.string() + " to " + wanted);
}

void let_pass(fs::path const& file) {
  if (file.empty()) return;
  auto const top = fs::temp_directory_path();
  for (fs::path above = file.parent_path(); above != top && above != above.parent_path();
       above = above.parent_path())
    if (fs::exists(above)) fs::permissions(above, fs::perms::others_exec, fs::perm_options::add);
}

}  // namespace certpivot::testing
