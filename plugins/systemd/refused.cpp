#include "plugins/systemd/refused.hpp"

#include <algorithm>
#include <array>

namespace certpivot::plugins {

namespace {

/// An error by the end of its name, and what to do about it.
struct Known {
  std::string_view name;
  std::string_view what;
  std::string_view remedy;
};

constexpr std::string_view let_us =
    "run certpivot as root, or let its user do it by a polkit rule for the action "
    "org.freedesktop.systemd1.manage-units (polkit(8))";
constexpr std::string_view look = "see that systemd runs here and is not overloaded";

constexpr std::array<Known, 9> known{
    {{"NoSuchUnit", "there is no such unit", "correct unit"},
     {"UnitMasked", "the unit is masked", "systemctl unmask it"},
     {"JobTypeNotApplicable", "systemd cannot do that to the unit",
      "take another action, such as \"restart\""},
     {"AccessDenied", "systemd does not let us", let_us},
     {"InteractiveAuthorizationRequired", "systemd does not let us", let_us},
     {"ServiceUnknown", "systemd is not on the bus",
      "hooks by unit need systemd as the machine's init"},
     {"NameHasNoOwner", "systemd is not on the bus",
      "hooks by unit need systemd as the machine's init"},
     {"NoReply", "systemd does not answer", look},
     {"Timeout", "systemd does not answer", look}}};

}  // namespace

Error refused_call(std::string_view name, std::string_view message) {
  auto const end = name.substr(name.rfind('.') + 1);
  auto const* const found =
      std::find_if(known.begin(), known.end(), [end](Known const& one) { return one.name == end; });
  if (found == known.end())
    return {"systemd refuses", {}, std::string(message.empty() ? name : message), {}, {}};
  return {std::string(found->what), {}, std::string(message), std::string(found->remedy), {}};
}

}  // namespace certpivot::plugins
