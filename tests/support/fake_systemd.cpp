#include "support/fake_systemd.hpp"

#include <fcntl.h>
#include <poll.h>
#include <stdexcept>
#include <systemd/sd-bus.h>
#include <unistd.h>

namespace certpivot::testing {

namespace {

constexpr auto unit_path = "/org/freedesktop/systemd1/unit/fake";
constexpr auto job_path = "/org/freedesktop/systemd1/job/7";
constexpr auto systemd_sender = ":1.1";
constexpr auto stranger = ":1.66";

void done(int result, char const* step) {
  if (result < 0) throw std::runtime_error(std::string("fake systemd: ") + step);
}

/// Owned messages of sd-bus.
struct Drop {
  void operator()(sd_bus_message* message) const { sd_bus_message_unref(message); }
};
using Message = std::unique_ptr<sd_bus_message, Drop>;

Message reply_message(sd_bus_message* call) {
  sd_bus_message* made = nullptr;
  done(sd_bus_message_new_method_return(call, &made), "reply");
  Message reply(made);
  done(sd_bus_message_set_sender(made, systemd_sender), "sender");
  return reply;
}

void send(Message const& message) { done(sd_bus_send(nullptr, message.get(), nullptr), "send"); }

void tell_end(sd_bus* bus, char const* sender, char const* result) {
  sd_bus_message* made = nullptr;
  done(sd_bus_message_new_signal(bus, &made, "/org/freedesktop/systemd1",
                                 "org.freedesktop.systemd1.Manager", "JobRemoved"),
       "signal");
  Message const signal(made);
  done(sd_bus_message_set_sender(made, sender), "sender");
  done(sd_bus_message_append(made, "uoss", 7U, job_path, "fake.service", result), "signal");
  send(signal);
}

}  // namespace

FakeSystemd::FakeSystemd(FakeSystemdOptions options) : options_(std::move(options)) {
  server_ = std::make_unique<SocketServer>([this](int connection) { serve(connection); },
                                           directory_ / "bus.sock");
}

std::string FakeSystemd::address() const {
  return "unix:path=" + (directory_ / "bus.sock").string();
}

std::string FakeSystemd::calls() const {
  std::lock_guard const lock(mutex_);
  return calls_;
}

void FakeSystemd::serve(int connection) {
  sd_bus* bus = nullptr;
  done(sd_bus_new(&bus), "new");
  std::unique_ptr<sd_bus, decltype(&sd_bus_close_unref)> const owner(bus, sd_bus_close_unref);
  int const own = ::fcntl(connection, F_DUPFD_CLOEXEC, 0);  // the bus closes what it is given
  done(::fcntl(own, F_SETFL, O_NONBLOCK), "fcntl");
  done(sd_bus_set_fd(bus, own, own), "fd");
  done(sd_bus_set_server(bus, 1, sd_id128_t{}), "server");
  done(sd_bus_set_anonymous(bus, 1), "anonymous");
  done(sd_bus_set_trusted(bus, 1), "trusted");
  auto const filter = [](sd_bus_message* call, void* self, sd_bus_error*) {
    return static_cast<FakeSystemd*>(self)->reply_to(call);
  };
  done(sd_bus_add_filter(bus, nullptr, filter, this), "filter");
  done(sd_bus_start(bus), "start");
  for (;;) {
    int const worked = sd_bus_process(bus, nullptr);
    if (worked < 0) return;  // the client has gone
    if (worked == 0 && sd_bus_wait(bus, 5'000'000) <= 0) return;
  }
}

int FakeSystemd::reply_to(sd_bus_message* call) {
  if (sd_bus_message_is_method_call(call, nullptr, nullptr) <= 0) return 0;
  std::string const method = sd_bus_message_get_member(call);
  char const* first = "";
  char const* second = "";
  if (sd_bus_message_has_signature(call, "s") > 0) sd_bus_message_read(call, "s", &first);
  if (sd_bus_message_has_signature(call, "ss") > 0)
    sd_bus_message_read(call, "ss", &first, &second);
  {
    std::lock_guard const lock(mutex_);
    calls_ += method + " " + (method == "Get" ? second : method == "AddMatch" ? "" : first) + "\n";
  }
  if (method == options_.silent_at) return 1;
  bool const is_job =
      method == "ReloadUnit" || method == "RestartUnit" || method == "ReloadOrTryRestartUnit";
  auto refuse = [call](std::string const& name) {
    sd_bus_error const error{name.c_str(), "the reason", 0};
    return sd_bus_reply_method_error(call, &error) < 0 ? -1 : 1;
  };
  if (is_job && !options_.refusal.empty()) return refuse(options_.refusal);
  auto const reply = reply_message(call);
  if (method == "Hello") done(sd_bus_message_append(reply.get(), "s", ":1.9"), "hello");
  if (method == "LoadUnit") done(sd_bus_message_append(reply.get(), "o", unit_path), "unit");
  if (method == "Get") {
    auto const found = options_.properties.find(second);
    if (found == options_.properties.end())
      return refuse("org.freedesktop.DBus.Error.UnknownProperty");
    if (auto const* const text = std::get_if<std::string>(&found->second))
      done(sd_bus_message_append(reply.get(), "v", "s", text->c_str()), "text");
    if (auto const* const yes = std::get_if<bool>(&found->second))
      done(sd_bus_message_append(reply.get(), "v", "b", int{*yes}), "flag");
    if (auto const* const number = std::get_if<std::uint32_t>(&found->second))
      done(sd_bus_message_append(reply.get(), "v", "u", *number), "number");
  }
  if (is_job) done(sd_bus_message_append(reply.get(), "o", job_path), "job");
  sd_bus* const bus = sd_bus_message_get_bus(call);
  bool const ends = is_job && !options_.result.empty();
  if (is_job && options_.forged) tell_end(bus, stranger, "done");
  if (ends && options_.early) tell_end(bus, systemd_sender, options_.result.c_str());
  send(reply);
  if (ends && !options_.early) tell_end(bus, systemd_sender, options_.result.c_str());
  return 1;
}

}  // namespace certpivot::testing
