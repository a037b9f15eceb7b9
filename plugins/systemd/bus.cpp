#include "plugins/systemd/bus.hpp"

#include <cstdlib>
#include <systemd/sd-bus.h>

#include "plugins/systemd/refused.hpp"

namespace certpivot::plugins {

namespace {

constexpr auto manager_name = "org.freedesktop.systemd1";

SteadyTime steady_now() { return std::chrono::steady_clock::now(); }

/// An sd_bus_error that frees what it holds.
struct CallError {
  CallError() = default;
  CallError(CallError const&) = delete;
  CallError& operator=(CallError const&) = delete;
  CallError(CallError&&) = delete;
  CallError& operator=(CallError&&) = delete;
  ~CallError() { sd_bus_error_free(&error); }

  sd_bus_error error{};
};

tl::unexpected<Error> no_bus(std::string const& address, int cause) {
  return fail_errno("cannot reach the system bus", address,
                    "hooks by unit need D-Bus and systemd on this machine, or their socket in this "
                    "container",
                    cause);
}

tl::unexpected<Error> bus_went(int cause) {
  return fail_errno("the system bus went away", {}, {}, cause);
}

// Called by sd-bus, in whose C code no exception may end.
int pass_on(sd_bus_message* signal, void* notice, sd_bus_error* /*error*/) noexcept {
  (*static_cast<Bus::Notice*>(notice))(signal);
  return 0;
}

}  // namespace

std::string system_bus_address() {
  char const* const given = std::getenv("DBUS_SYSTEM_BUS_ADDRESS");
  return given != nullptr && *given != '\0' ? given : "unix:path=/run/dbus/system_bus_socket";
}

void DropMessage::operator()(sd_bus_message* message) const { sd_bus_message_unref(message); }

std::string sender_of(sd_bus_message* message) {
  char const* const sender = sd_bus_message_get_sender(message);
  return sender == nullptr ? std::string() : sender;
}

// Not flushed, because that may wait for a bus that hangs.
void Bus::Close::operator()(sd_bus* bus) const { sd_bus_close_unref(bus); }

Result<Bus> Bus::open(std::string const& address, SteadyTime deadline) {
  sd_bus* made = nullptr;
  if (int const done = sd_bus_new(&made); done < 0) return no_bus(address, -done);
  Bus bus(std::unique_ptr<sd_bus, Close>(made), deadline);
  for (int const done : {sd_bus_set_address(made, address.c_str()), sd_bus_set_bus_client(made, 1),
                         sd_bus_start(made)})
    if (done < 0) return no_bus(address, -done);
  auto const greeted = bus.greet();
  if (greeted) return bus;
  return no_bus(address, greeted.error().code.value());
}

// By hand, because sd_bus_call(3) waits for the greeting without regard to its own time limit.
Result<void> Bus::greet() {
  return wait_until([this] { return sd_bus_is_ready(bus_.get()) > 0; });
}

Result<void> Bus::wait_until(std::function<bool()> const& done) {
  while (!done()) {
    if (steady_now() >= deadline_) return bus_went(ETIMEDOUT);
    int const worked = sd_bus_process(bus_.get(), nullptr);
    if (worked < 0) return bus_went(-worked);
    if (worked > 0) continue;
    int const waited = sd_bus_wait(bus_.get(), left());
    if (waited < 0 && waited != -EINTR) return bus_went(-waited);
  }
  return {};
}

Result<BusMessage> Bus::call(Call const& call) {
  sd_bus_message* made = nullptr;
  int done = sd_bus_message_new_method_call(bus_.get(), &made, manager_name, call.path.c_str(),
                                            call.interface.c_str(), call.member.c_str());
  BusMessage const question(made);
  for (std::string const& argument : call.arguments)
    if (done >= 0) done = sd_bus_message_append_basic(made, 's', argument.c_str());
  if (done < 0) return fail_errno("cannot ask systemd for", call.member, {}, -done);
  CallError refused;
  sd_bus_message* reply = nullptr;
  done = sd_bus_call(bus_.get(), made, left(), &refused.error, &reply);
  if (done >= 0) return BusMessage(reply);
  if (done == -ETIMEDOUT) return fail(refused_call("Timeout", "no answer to " + call.member));
  if (refused.error.name == nullptr) return bus_went(-done);
  char const* const message = refused.error.message;
  return fail(refused_call(refused.error.name, message == nullptr ? "" : message));
}

Result<void> Bus::listen(std::string const& signal, Notice notice) {
  notice_ = std::make_unique<Notice>(std::move(notice));
  sd_bus_set_method_call_timeout(bus_.get(), left());
  int const done = sd_bus_match_signal(bus_.get(), nullptr, manager_name, systemd_path,
                                       manager_interface, signal.c_str(), pass_on, notice_.get());
  if (done < 0) return bus_went(-done);
  return {};
}

std::uint64_t Bus::left() const {
  auto const rest = std::chrono::ceil<std::chrono::microseconds>(deadline_ - steady_now()).count();
  return rest > 0 ? static_cast<std::uint64_t>(rest) : 1;
}

}  // namespace certpivot::plugins
