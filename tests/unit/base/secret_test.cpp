#include "base/secret.hpp"

#include <algorithm>
#include <fstream>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

using namespace certpivot;

static_assert(!std::is_copy_constructible_v<Secret> && !std::is_copy_assignable_v<Secret>);

namespace {

/// The VmFlags line of the mapping that holds `place`, from proc_pid_smaps(5).
std::string mapping_flags(void const* place) {
  auto const address = reinterpret_cast<std::uintptr_t>(place);
  std::ifstream maps("/proc/self/smaps");
  bool inside = false;
  for (std::string line; std::getline(maps, line);) {
    auto const dash = line.find('-');
    auto const colon = line.find(':');
    if (dash != std::string::npos && (colon == std::string::npos || dash < colon))
      inside = std::stoull(line, nullptr, 16) <= address &&
               address < std::stoull(line.substr(dash + 1), nullptr, 16);
    if (inside && line.starts_with("VmFlags:")) return line + " ";
  }
  return {};
}

}  // namespace

TEST_CASE("a secret holds what was copied into it") {
  Secret const secret = Secret::copy_of("key bytes");
  CHECK(secret.view() == "key bytes");
  CHECK(secret.size() == 9);
  CHECK(Secret::copy_of(secret.bytes()).view() == "key bytes");
}

TEST_CASE("an empty secret has no bytes and an empty view") {
  CHECK(Secret().empty());
  CHECK(Secret(0).view().empty());
  CHECK(Secret::copy_of("").size() == 0);
}

TEST_CASE("a new secret is all zero") {
  Secret const secret(10000);
  CHECK(std::all_of(secret.bytes().begin(), secret.bytes().end(),
                    [](std::byte byte) { return byte == std::byte{0}; }));
}

TEST_CASE("moving a secret empties the one moved from") {
  Secret first = Secret::copy_of("one");
  Secret second = std::move(first);
  CHECK(first.empty());  // NOLINT(bugprone-use-after-move): this is what is tested
  CHECK(second.view() == "one");
  Secret third = Secret::copy_of("three");
  third = std::move(second);
  CHECK(third.view() == "one");
  CHECK(second.empty());  // NOLINT(bugprone-use-after-move): this is what is tested
}

TEST_CASE("truncating wipes what is cut off and never makes a secret longer") {
  Secret secret = Secret::copy_of("keep and forget");
  char const* const bytes = secret.view().data();
  secret.truncate(4);
  CHECK(secret.view() == "keep");
  CHECK(std::all_of(bytes + 4, bytes + 15, [](char byte) { return byte == 0; }));
  secret.truncate(100);
  CHECK(secret.size() == 4);
}

TEST_CASE("a secret is left out of core dumps") {
  Secret const secret = Secret::copy_of("key bytes");
  CHECK(mapping_flags(secret.view().data()).find(" dd ") != std::string::npos);
}

TEST_CASE("memory that held a secret is wiped before another secret gets it") {
  void const* place = nullptr;
  {
    Secret const first = Secret::copy_of("a key that nobody may see");
    place = first.view().data();
  }
  // Kept for the next one, and empty: the mapping is there to be looked at.
  Secret const second(100);
  REQUIRE(static_cast<void const*>(second.view().data()) == place);
  CHECK(
      std::all_of(second.view().begin(), second.view().end(), [](char byte) { return byte == 0; }));
}

TEST_CASE("more secrets at once than are kept for reuse, of any size, are each all zero") {
  for (int round = 0; round < 2; ++round) {
    std::vector<Secret> secrets;
    for (std::size_t size = 1; size < 40000; size += 1500) {
      Secret& secret = secrets.emplace_back(size);
      CHECK(secret.view().find_first_not_of('\0') == std::string_view::npos);
      std::fill(secret.bytes().begin(), secret.bytes().end(), std::byte{0xAA});
    }
  }
}
