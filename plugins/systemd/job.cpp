#include "plugins/systemd/job.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <systemd/sd-bus.h>

namespace certpivot::plugins {

namespace {

using Action = settings::Hook::Systemd::Action;

/// The manager's method for an action, and what it does.
struct ActionWords {
  char const* method;
  char const* verb;
};
ActionWords words_of(Action action) {
  switch (action) {
    case Action::try_reload_or_restart:
      return {"ReloadOrTryRestartUnit", "reload or restart"};
    case Action::restart:
      return {"RestartUnit", "restart"};
    case Action::reload:
      break;
  }
  return {"ReloadUnit", "reload"};
}

/// A job that has ended, as its signal says.
struct Ended {
  std::string sender = {};
  std::string job = {};
  std::string result = {};
};

std::optional<Ended> read_ended(sd_bus_message* signal) {
  std::uint32_t number = 0;
  char const* job = nullptr;
  char const* unit = nullptr;
  char const* result = nullptr;
  if (sd_bus_message_read(signal, "uoss", &number, &job, &unit, &result) < 0) return std::nullopt;
  return Ended{sender_of(signal), job, result};
}

/// A job under way, and who took it.
struct Begun {
  std::string sender = {};
  std::string job = {};
};

Result<Begun> begin_job(Bus& bus, std::string const& unit, std::string const& method) {
  auto const subscribed = bus.call({systemd_path, manager_interface, "Subscribe", {}});
  if (!subscribed) return fail(subscribed.error());
  auto const reply = bus.call({systemd_path, manager_interface, method, {unit, "replace"}});
  if (!reply) return fail(reply.error());
  char const* job = nullptr;
  if (sd_bus_message_read_basic(reply->get(), 'o', &job) < 0)
    return fail("its answer names no job");
  return Begun{sender_of(reply->get()), job};
}

/// Only from who took the job: anybody on the bus may send us a signal.
bool is_end_of(Begun const& begun, Ended const& ended) {
  return ended.job == begun.job && ended.sender == begun.sender;
}

}  // namespace

std::string job_ending(std::string_view result) {
  constexpr std::array<std::pair<std::string_view, char const*>, 6> endings{
      {{"failed", "it failed"},
       {"timeout", "it took longer than the unit allows"},
       {"canceled", "another job took its place"},
       {"dependency", "a unit that it needs failed"},
       {"skipped", "it does not apply to the unit's state"},
       {"invalid", "it does not apply to the unit's state"}}};
  auto const* const found = std::find_if(endings.begin(), endings.end(),
                                         [result](auto const& one) { return one.first == result; });
  return found == endings.end() ? "it ended as " + std::string(result) : found->second;
}

Result<void> run_job(Bus& bus, Unit& unit, Action action) {
  auto const words = words_of(action);
  auto const failure = [what = std::string("systemd did not ") + words.verb, &unit](
                           std::string why, std::string remedy) {
    return fail(what, unit.name(), std::move(why), std::move(remedy));
  };
  // Listened for before it begins, because a job may end before its number is known.
  std::vector<Ended> ended;
  auto const note = [&ended](sd_bus_message* signal) {
    if (auto one = read_ended(signal)) ended.push_back(std::move(*one));
  };
  if (auto listens = bus.listen("JobRemoved", note); !listens) return listens;
  auto const begun = begin_job(bus, unit.name(), words.method);
  if (!begun)
    return failure(Error{begun.error().what, {}, begun.error().why}.text(), begun.error().remedy);
  auto end = ended.end();
  auto waited = bus.wait_until([&] {
    end = std::find_if(ended.begin(), ended.end(),
                       [&begun](Ended const& one) { return is_end_of(*begun, one); });
    return end != ended.end();
  });
  if (!waited && waited.error().code == std::errc::timed_out)
    return failure("its job has not ended yet, and goes on",
                   "find out what it waits for, or raise the hook's timeout");
  if (!waited) return waited;
  if (end->result == "done") return {};
  auto const said = unit.words();
  return failure(job_ending(end->result) + (said.empty() ? "" : ": " + said),
                 "journalctl -u " + unit.name() + " says more");
}

}  // namespace certpivot::plugins
