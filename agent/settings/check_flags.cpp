#include "settings/check_flags.hpp"

#include <filesystem>
#include <type_traits>
#include <utility>

#include "settings/choice.hpp"
#include "settings/quote.hpp"
#include "settings/report.hpp"
#include "settings/rules.hpp"

namespace certpivot::settings {

namespace {

void complain_about(Report& report, std::string const& flag, std::string const& wrong) {
  if (!wrong.empty()) report.complain({}, flag + " " + wrong);
}

/// A path as the system calls below take it, whatever the working directory is then.
std::string from_here(std::string const& path) {
  std::error_code failure;
  auto const absolute = std::filesystem::absolute(path, failure);
  return failure ? path : absolute.string();
}

void take_path(Report& report, std::string const& flag, std::string const& given,
               std::string& value, std::string (*rule)(std::string const&)) {
  if (given.empty()) return;
  value = from_here(given);
  complain_about(report, flag, rule(value));
}

template <class Value>
void take_word(Report& report, std::string const& flag, std::string const& given, Value& value,
               std::optional<Value> (*parse)(std::string_view), std::string const& form) {
  if (given.empty()) return;
  auto const parsed = parse(given);
  if (parsed) value = *parsed;
  if (!parsed) complain_about(report, flag, "must be " + form + ", not " + in_quotes(given));
}

template <class Value>
void take_choice(Report& report, std::string const& flag, std::string const& given, Value& value,
                 std::type_identity_t<Choices<Value>> choices) {
  if (given.empty()) return;
  auto const found = chosen(given, choices);
  if (found) value = *found;
  if (!found) complain_about(report, flag, no_such_word(given, words_of(choices)));
}

void take_bits(Report& report, std::string const& flag, std::optional<unsigned> given,
               unsigned& value, Range<unsigned> range) {
  if (!given) return;
  value = *given;
  complain_about(report, flag, wrong_count(value, range));
}

constexpr auto duration_flag_form = R"(a duration such as "12h" or "30d")";
constexpr auto threshold_flag_form = R"("30d", "33%" or both, as "30d,33%")";

void take_duration(Report& report, std::string const& flag, std::string const& given,
                   Duration& value, Range<Duration> range) {
  take_word(report, flag, given, value, parse_duration, duration_flag_form);
  complain_about(report, flag, wrong_duration(value, range, given));
}

/// Names in the directory, as `once` has them.
void take_directory(CheckFlags const& flags, Source& source, Report& report) {
  take_path(report, "--source", flags.source, source.directory, absolute_directory);
  source.find_names = flags.certificate.empty() && flags.key.empty();
  if (!flags.certificate.empty()) source.certificate = flags.certificate;
  if (!flags.key.empty()) source.key = flags.key;
  source.ca_required = !flags.ca.empty();
  if (source.ca_required) source.ca = flags.ca;
  for (auto const& [flag, name] : {std::pair{"--certificate", &source.certificate},
                                   std::pair{"--key", &source.key}, std::pair{"--ca", &source.ca}})
    complain_about(report, flag, file_name(*name));
}

/// A pair, or a bundle.
void take_files(CheckFlags const& flags, Source& source, Report& report) {
  source.certificate.clear();
  source.key.clear();
  source.ca.clear();
  bool const bundle = flags.key.empty();
  // What is there and no file is a finding about the certificate, as it is in a source.
  take_path(report, "--certificate", flags.certificate, bundle ? source.bundle : source.certificate,
            not_empty);
  take_path(report, "--key", flags.key, source.key, not_empty);
  take_path(report, "--ca", flags.ca, source.ca, not_empty);
  source.ca_required = !flags.ca.empty();
  if (flags.certificate.empty() && !bundle)
    complain_about(report, "--key", "needs --certificate, or --source with a directory");
  if (flags.certificate.empty() && source.ca_required)
    complain_about(report, "--ca", "needs --certificate or --source; did you mean --anchors?");
}

void take_ocsp(CheckFlags const& flags, Trust& trust, Report& report) {
  trust.ocsp_url = flags.ocsp_url;
  complain_about(report, "--ocsp-url", http_url(flags.ocsp_url));
  take_choice(report, "--ocsp-mode", flags.ocsp_mode, trust.ocsp_mode, ocsp_modes);
  take_duration(report, "--ocsp-timeout", flags.ocsp_timeout, trust.ocsp_timeout, ocsp_timeouts);
}

void take_revocation(CheckFlags const& flags, Trust& trust, Report& report) {
  for (std::string const& file : flags.crl)
    take_path(report, "--crl", file, trust.crl_files.emplace_back(), absolute_file);
  take_ocsp(flags, trust, report);
  // What is given and not asked about would be a trap.
  if (!flags.crl.empty()) trust.revocation = Revocation::crl;
  if (!flags.ocsp_url.empty()) trust.revocation = Revocation::ocsp;
  if (!flags.crl.empty() && !flags.ocsp_url.empty() && flags.revocation.empty())
    complain_about(report, "--revocation", "must say which of --crl and --ocsp-url counts");
  take_choice(report, "--revocation", flags.revocation, trust.revocation, revocations);
  if (trust.revocation == Revocation::crl && trust.crl_files.empty())
    complain_about(report, "--revocation", "needs a CRL; name its file by --crl");
}

void take_trust(CheckFlags const& flags, Trust& trust, Report& report) {
  trust.anchors = flags.anchors;
  if (flags.anchors != "system")
    take_path(report, "--anchors", flags.anchors, trust.anchors, absolute_file);
  take_choice(report, "--purpose", flags.purpose, trust.purpose, purposes);
  trust.names = flags.names;
  for (std::string const& name : flags.names)
    complain_about(report, "--name", alternative_name(name));
  take_revocation(flags, trust, report);
  take_word(report, "--min-remaining", flags.min_remaining, trust.min_remaining, parse_threshold,
            threshold_flag_form);
  take_duration(report, "--max-lifetime", flags.max_lifetime, trust.max_lifetime, lifetimes);
  take_duration(report, "--skew", flags.skew, trust.skew, skews);
  if (!flags.relax.empty()) trust.relax = flags.relax;
  for (std::string const& word : flags.relax) complain_about(report, "--relax", strict_check(word));
  take_bits(report, "--min-rsa-bits", flags.min_rsa_bits, trust.min_rsa_bits, rsa_bits);
  take_bits(report, "--min-ec-bits", flags.min_ec_bits, trust.min_ec_bits, ec_bits);
}

void take_expiry(CheckFlags const& flags, Expiry& expiry, Report& report) {
  take_word(report, "--warning", flags.warning, expiry.warning, parse_threshold,
            threshold_flag_form);
  take_word(report, "--critical", flags.critical, expiry.critical, parse_threshold,
            threshold_flag_form);
  if (is_out_of_order(expiry))
    complain_about(report, "--critical", "must not be reached before --warning; give both");
}

template <class Value>
Checked<Value> answer(Value value, Report const& report) {
  if (report.count() == 0) return value;
  return tl::unexpected<std::vector<Complaint>>(report.sorted(""));
}

}  // namespace

bool CheckFlags::ask_without_file() const {
  CheckFlags others = *this;
  others.warning.clear();
  others.critical.clear();
  return others != CheckFlags{};
}

Checked<Certificate> from_check_flags(CheckFlags const& flags) {
  Report report;
  Certificate certificate;
  certificate.name = flags.certificate.empty() ? flags.source : flags.certificate;
  if (flags.source.empty())
    take_files(flags, certificate.source, report);
  else
    take_directory(flags, certificate.source, report);
  take_path(report, "--passphrase-file", flags.passphrase_file, certificate.source.passphrase_file,
            absolute_file);
  take_trust(flags, certificate.trust, report);
  take_expiry(flags, certificate.expiry, report);
  return answer(std::move(certificate), report);
}

Checked<Expiry> expiry_from(CheckFlags const& flags, Expiry const& inherited) {
  Report report;
  Expiry expiry = inherited;
  take_expiry(flags, expiry, report);
  return answer(expiry, report);
}

}  // namespace certpivot::settings
