#include <cstdio>

#include "publish/names.hpp"
#include "publish/steps.hpp"

namespace certpivot::publish {

namespace {

/// Takes the name away first, so that no crash leaves half a generation under its number.
Result<void> remove_generation(Opened const& opened, Number number) {
  int const parent = opened.generations.get();
  std::string const name = std::to_string(number);
  std::string const doomed = temporary_name(discarded_prefix, number);
  auto removed = remove_flat(parent, doomed, opened.generation(doomed));
  if (!removed) return removed;
  if (::renameat(parent, name.c_str(), parent, doomed.c_str()) != 0) {
    if (errno == ENOENT) return {};
    return write_failure("cannot remove the generation", opened.generation(name), opened.path);
  }
  if (!flush(parent)) return write_failure("cannot flush", opened.generation(name), opened.path);
  return remove_flat(parent, doomed, opened.generation(doomed));
}

}  // namespace

Result<void> discard_generation(Opened const& opened, Number number) {
  auto const current = read_current(opened);
  if (!current) return fail(current.error());
  if (*current == number)
    return fail("cannot remove the generation", opened.generation(std::to_string(number)),
                "it is the current one");
  return remove_generation(opened, number);
}

Result<void> prune_generations(Opened const& opened, unsigned keep, Number also) {
  auto const current = read_current(opened);
  if (!current) return fail(current.error());
  auto const numbers = read_generations(opened);
  if (!numbers) return fail(numbers.error());
  std::size_t left = numbers->size();
  for (Number const number : *numbers) {
    if (left <= keep) break;
    if (number == *current || number == also) continue;
    auto removed = remove_generation(opened, number);
    if (!removed) return removed;
    --left;
  }
  return {};
}

}  // namespace certpivot::publish
