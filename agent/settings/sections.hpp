#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "settings/settings.hpp"
#include "settings/table.hpp"

/// One reader for each table of the file. Each asks for every key of the contract that its table
/// may have, so that the table can tell an unknown key from one whose function comes later.
namespace certpivot::settings {

inline constexpr Duration no_time = Duration::zero();
inline constexpr Duration one_hour = std::chrono::hours(1);
inline constexpr Duration one_day = std::chrono::hours(24);
inline constexpr Duration one_month = std::chrono::hours(24 * 30);
inline constexpr Duration one_year = std::chrono::hours(24 * 366);

/// A certificate with the places that complaints about it and another one need.
struct Placed {
  Certificate certificate = {};
  Place name = {};
  Place publish = {};
  struct HookPlaces {
    Place type = {};
    Place group = {};
  };
  std::vector<HookPlaces> hooks = {};
};

void read_agent(Table& table, Agent& agent, std::vector<std::string>& include);
/// `expiry` holds what is inherited, and keeps what the table does not give.
void read_expiry(Table& table, Expiry& expiry);
void read_alert(Table& table);
[[nodiscard]] Placed read_certificate(Table& table, Expiry const& inherited);

void read_source(Table& table, Source& source);
void read_trust(Table& table, Trust& trust);
void read_publish(Table& table, Publish& publish);
void read_hook(Table& table, Hook& hook);
/// The keys of type = "http".
void read_http_hook(Table& table, Hook& hook);
void read_probe(Table& table, Probe& probe);

/// The types of hooks that need no plugin.
[[nodiscard]] std::vector<std::string_view> built_in_hooks();

/// Finds the executable of each hook whose type is no built-in one: certpivot-<type> in `plugins`.
/// Complains of a type that is neither, with the nearest that is.
void find_plugins(std::vector<Placed>& certificates, std::string const& plugins, Report& report);

/// Complains of a `type` that is none of the built-in `names`: "unknown hook type 'ngnix'; did you
/// …".
void complain_of_type(Table& table, std::string_view what, std::string const& type,
                      std::vector<std::string_view> const& names);

/// What two certificates must not share, names and publish directories, across all files; nor may a
/// publish directory and that of the journal, `state`, lie in each other. The hooks of one group
/// are alike, because one of them runs for all.
void check_together(std::vector<Placed> const& certificates, std::string const& state,
                    Report& report);

}  // namespace certpivot::settings
