#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace certpivot::testing {

/// The user that the tests run as.
[[nodiscard]] std::string our_account();

/// The user, and the group, that a server runs as: `wanted` where root runs the tests, else ours,
/// because nobody else can become another one.
[[nodiscard]] std::string account_or_ours(std::string const& wanted);

/// `command` run as account_or_ours(wanted). setpriv(1) becomes the program, so that the process is
/// ours to end.
[[nodiscard]] std::vector<std::string> as_account(std::string const& wanted,
                                                  std::vector<std::string> command);

/// Gives `path` to account_or_ours(wanted). Throws where that cannot be.
void give_to_account(std::string const& wanted, std::filesystem::path const& path);

/// Makes the directories above `file` passable for everybody (o+x), up to that of temporary files.
void let_pass(std::filesystem::path const& file);

}  // namespace certpivot::testing
