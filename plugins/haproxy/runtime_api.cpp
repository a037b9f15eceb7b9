#include "plugins/haproxy/runtime_api.hpp"

#include <algorithm>

#include "log/log.hpp"
#include "loop/asio.hpp"
#include "loop/on_worker.hpp"
#include "plugins/haproxy/answers.hpp"
#include "plugins/haproxy/conversation.hpp"
#include "process/child.hpp"

namespace certpivot::plugins {

namespace {

/// An answer takes a millisecond; what does not fit into haproxy's buffer gets none for ever.
constexpr Duration longest_conversation = std::chrono::seconds(2);
/// Between set and commit lie milliseconds. A transaction that stays for this long is nobody's.
constexpr Duration abandoned_after = std::chrono::seconds(1);
constexpr Duration transaction_look = std::chrono::milliseconds(50);
constexpr Duration lock_look = std::chrono::milliseconds(5);
constexpr auto attempts = 10;  ///< where somebody else comes in between

ApiFailure of(Error error) { return {std::move(error), false}; }

Error with_words(std::string what, std::string name, std::string words) {
  return {std::move(what), std::move(name), std::move(words), {}, {}};
}

ApiFailure failure_of(Replacement answer, std::string const& name) {
  auto const words = answer.words.empty() ? "it says nothing" : std::move(answer.words);
  switch (answer.outcome) {
    case Replaced::refused:
      return {with_words("haproxy refuses the pair for", name, words), true};
    case Replaced::mixed:
      return of(
          with_words("somebody else is changing haproxy's certificates, not only", name, words));
    case Replaced::nowhere:
      return of(with_words("haproxy took the pair but no TLS instance has it", name, words));
    default:
      return of(with_words("haproxy did not exchange the pair for", name, words));
  }
}

}  // namespace

Task<Result<std::string>> RuntimeApi::question(std::string command) {
  for (auto attempt = 1;; ++attempt) {
    auto const left = std::chrono::duration_cast<Duration>(deadline_ - timer_.now());
    auto answer = co_await ask(socket_, command, std::min(left, longest_conversation));
    if (!answer || !is_locked(*answer) || attempt == attempts) co_return answer;
    co_await timer_.sleep_for(lock_look);
  }
}

Task<Result<std::vector<std::string>>> RuntimeApi::names_of(std::string command) {
  auto const answer = co_await question(std::move(command));
  if (!answer) co_return fail(answer.error());
  auto loaded = parse_loaded_files(*answer);
  if (!loaded) co_return fail(loaded.error());
  co_return std::move(loaded->names);
}

Task<Result<void>> RuntimeApi::check(event::Paths const& paths) {
  deadline_ = timer_.now() + longest_conversation;
  auto const certificates = co_await names_of("show ssl cert");
  if (!certificates) co_return fail(certificates.error());
  // It aborts nothing, since no transaction is about this name, and tells whether we might.
  auto const answer = co_await question("abort ssl cert certpivot-asks");
  if (!answer) co_return fail(answer.error());
  if (answer->find("Permission denied") != std::string::npos)
    co_return fail("haproxy lets nobody change certificates on", socket_, "Permission denied",
                   "give its stats socket \"level admin\"");
  auto const names = co_await on_worker(tools_.workers, [this, &paths, &certificates] {
    return names_to_replace(paths, certificate_, *certificates);
  });
  if (!names) co_return fail(names.error());
  co_return Result<void>();
}

Task<Result<Plan>> RuntimeApi::plan(event::Paths const& paths) {
  auto certificates = co_await names_of("show ssl cert");
  if (!certificates) co_return fail(certificates.error());
  auto ca_files = co_await names_of("show ssl ca-file");
  if (!ca_files) co_return fail(ca_files.error());
  auto crl_files = co_await names_of("show ssl crl-file");
  if (!crl_files) co_return fail(crl_files.error());
  Inventory const inventory{std::move(*certificates), std::move(*ca_files), std::move(*crl_files)};
  co_return co_await on_worker(tools_.workers, [this, &paths, &inventory] {
    return make_plan(paths, certificate_, inventory);
  });
}

Task<Result<void>> RuntimeApi::compare_bundles(Plan const& plan) {
  for (auto const& bundle : plan.bundles) {
    auto const answer = co_await question("show ssl ca-file " + bundle.name);
    if (!answer) co_return fail(answer.error());
    auto const loaded = parse_fingerprints(*answer);
    if (std::set<std::string>(loaded.begin(), loaded.end()) != bundle.fingerprints)
      co_return fail("the CA bundle has changed", bundle.name);
  }
  co_return Result<void>();
}

Task<Result<void>> RuntimeApi::clear_the_way() {
  std::string open;
  auto until = timer_.now();
  while (true) {
    auto const answer = co_await question("show ssl cert");
    if (!answer) co_return fail(answer.error());
    auto const loaded = parse_loaded_files(*answer);
    if (!loaded) co_return fail(loaded.error());
    if (loaded->transaction.empty()) co_return Result<void>();
    if (loaded->transaction != open) {
      open = loaded->transaction;
      until = timer_.now() + abandoned_after;
    }
    if (timer_.now() >= until) break;
    co_await timer_.sleep_for(transaction_look);
  }
  tools_.log.warning(tools_.certificate,
                     "somebody has left a transaction open in haproxy; it is aborted: " +
                         process::last_words(open));
  auto const aborted = co_await question("abort ssl cert " + open);
  if (!aborted) co_return fail(aborted.error());
  co_return Result<void>();
}

Task<ApiResult> RuntimeApi::replace_one(Plan::Replacement const& one) {
  for (auto attempt = 1;; ++attempt) {
    if (auto const cleared = co_await clear_the_way(); !cleared)
      co_return tl::unexpected(of(cleared.error()));
    auto const left = std::chrono::duration_cast<Duration>(deadline_ - timer_.now());
    auto const answer =
        co_await converse(socket_, one.commands, std::min(left, longest_conversation));
    if (!answer) co_return tl::unexpected(of(answer.error()));
    auto replaced = parse_replacement(*answer, one.name);
    if (replaced.outcome == Replaced::yes) co_return ApiResult();
    // What is ours must not stay; somebody else's is not aborted by this name.
    (void)co_await question("abort ssl cert " + one.name);
    if (replaced.outcome != Replaced::mixed || attempt == attempts)
      co_return tl::unexpected(failure_of(std::move(replaced), one.name));
    co_await timer_.sleep_for(lock_look);
  }
}

Task<Result<void>> RuntimeApi::verify(std::string name, std::string leaf) {
  auto const answer = co_await question("show ssl cert " + name);
  if (!answer) co_return fail(answer.error());
  auto const loaded = parse_fingerprints(*answer);
  if (!loaded.empty() && loaded.front() == leaf) co_return Result<void>();
  co_return fail(
      "haproxy says that it has taken the pair, and has another", name,
      loaded.empty() ? process::last_words(*answer) : "SHA-1 fingerprint " + loaded.front());
}

Task<ApiResult> RuntimeApi::replace(event::Paths const& paths, SteadyTime deadline) {
  deadline_ = deadline;
  auto const planned = co_await plan(paths);
  if (!planned) co_return tl::unexpected(of(planned.error()));
  if (auto const same = co_await compare_bundles(*planned); !same)
    co_return tl::unexpected(of(same.error()));
  for (auto const& one : planned->replacements) {
    if (auto const replaced = co_await replace_one(one); !replaced) co_return replaced;
    if (auto const verified = co_await verify(one.name, planned->leaf); !verified)
      co_return tl::unexpected(of(verified.error()));
  }
  co_return ApiResult();
}

}  // namespace certpivot::plugins
