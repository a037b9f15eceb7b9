#include "trust/rule/crl.hpp"

#include <algorithm>
#include <iterator>

#include "crypto/der.hpp"

namespace certpivot::trust::rule {
namespace {

using crypto::Certificate;
using crypto::ChainFault;
using crypto::ChainProblem;
using crypto::Crl;
using crypto::CrlFile;

// Null where it is in none of them.
CrlFile const* file_of(Crl const& crl, Revocation const& known) {
  auto const holds_it = [&](CrlFile const& file) {
    return file.crls && std::any_of(file.crls->begin(), file.crls->end(),
                                    [&](Crl const& one) { return one.get() == crl.get(); });
  };
  auto const file = std::find_if(known.crl_files.begin(), known.crl_files.end(), holds_it);
  return file == known.crl_files.end() ? nullptr : &*file;
}

std::string paths_of(Revocation const& known) {
  std::string text;
  for (CrlFile const& file : known.crl_files) text += (text.empty() ? "" : ", ") + file.path;
  return text;
}

// Why OpenSSL passed over a CRL that bears the issuer's name; empty where there is none.
std::string passed_over(Certificate const& certificate, Revocation const& known) {
  for (CrlFile const& file : known.crl_files) {
    if (!file.crls) continue;
    for (Crl const& crl : *file.crls) {
      if (!crl.issued_for(certificate) || crl.is_delta()) continue;
      std::string const limitation = crl.limitation();
      return "; the one in " + file.path + " " +
             (limitation.empty() ? "is of another key of that name" : limitation);
    }
  }
  return {};
}

std::string missing_in_words(ChainProblem const& problem, Certificate const& certificate,
                             Revocation const& known) {
  std::string const start =
      "there is no CRL of " + problem.issuer + ", which issued " + problem.subject;
  if (known.crl_files.empty()) return start + ": name its file in source.crl or trust.crl_files";
  return start + ", in " + paths_of(known) + passed_over(certificate, known) +
         ": add the CA's CRL to one of them";
}

Refusal refusal_of(ChainProblem const& problem, Certificate const& certificate,
                   Revocation const& known) {
  if (!problem.crl) {
    return {Reason::crl_unavailable, missing_in_words(problem, certificate, known)};
  }
  Crl const& crl = *problem.crl;
  CrlFile const* const file = file_of(crl, known);
  std::string const the_crl =
      "the CRL of " + crl.issuer() + (file != nullptr ? " in " + file->path : "");
  std::string const about = the_crl + ", which is about " + problem.subject + ", ";
  switch (problem.fault) {
    case ChainFault::revoked:
      return {Reason::revoked, problem.subject + " is " +
                                   crl.entry_of(certificate).value_or(crypto::Revoked{}).text() +
                                   ", says " + the_crl + ": have it issued anew"};
    case ChainFault::crl_expired:
      return {Reason::crl_expired,
              about + "expired at " +
                  to_rfc3339_seconds(crl.next_update().value_or(crl.this_update())) +
                  ": bring the next one of that CA"};
    case ChainFault::crl_not_yet_valid:
      return {Reason::crl_not_yet_valid, about + "is not valid before " +
                                             to_rfc3339_seconds(crl.this_update()) +
                                             ": check the clock, or wait"};
    default:
      return {Reason::crl_unavailable,
              about + "cannot be relied on (" + problem.why + "): bring the CA's own"};
  }
}

// Whether crl_files() tells it, or has nothing to say against it.
bool is_about_file(ChainProblem const& problem, Revocation const& known, Duration skew,
                   WallTime now) {
  switch (problem.fault) {
    case ChainFault::crl_missing:
      // It may stand in a file that could not be used.
      return std::any_of(known.crl_files.begin(), known.crl_files.end(),
                         [](CrlFile const& file) { return !file.crls; });
    case ChainFault::crl_not_yet_valid:
      if (problem.crl && problem.crl->this_update() <= now + skew) return true;
      [[fallthrough]];
    case ChainFault::crl_expired: {
      CrlFile const* const file = problem.crl ? file_of(*problem.crl, known) : nullptr;
      return file != nullptr && file->of_source;
    }
    default:
      return false;
  }
}

void judge_kind(Crl const& crl, std::string const& start, Findings& findings) {
  if (!crl.is_delta()) return;
  findings.refuse(Reason::crl_unavailable,
                  start +
                      " is a delta CRL, which tells only what has changed since another: bring "
                      "a complete one");
}

// Of a CRL that is published: nginx, HAProxy and PostgreSQL look at its times.
void judge_times(Crl const& crl, std::string const& start, Duration skew, WallTime now,
                 Findings& findings) {
  if (auto const end = crl.next_update(); end && *end <= now) {
    findings.refuse(Reason::crl_expired,
                    start + " expired at " + to_rfc3339_seconds(*end) +
                        ", and servers that check CRLs refuse every certificate of that CA: bring "
                        "its present one, or take source.crl out of the configuration");
  }
  if (crl.this_update() > now + skew) {
    findings.refuse(Reason::crl_not_yet_valid,
                    start + " is not valid before " + to_rfc3339_seconds(crl.this_update()) +
                        ", and servers that check CRLs refuse every certificate of that CA until "
                        "then: check the clock, or wait");
  }
}

}  // namespace

Findings crl_files(Revocation const& known, settings::Trust const& rules, WallTime now) {
  Findings findings;
  for (CrlFile const& file : known.crl_files) {
    if (!file.crls) {
      findings.refuse(Reason::crl_unavailable, file.failure);
      continue;
    }
    for (Crl const& crl : *file.crls) {
      std::string const start = file.path + ": the CRL of " + crl.issuer();
      judge_kind(crl, start, findings);
      if (file.of_source) judge_times(crl, start, rules.skew, now, findings);
    }
  }
  return findings;
}

std::vector<Crl> usable_crls(Revocation const& known) {
  std::vector<Crl> crls;
  for (CrlFile const& file : known.crl_files) {
    if (!file.crls) continue;
    std::copy_if(file.crls->begin(), file.crls->end(), std::back_inserter(crls),
                 [](Crl const& crl) { return !crl.is_delta(); });
  }
  return crls;
}

Findings crl_problems(crypto::ChainAnswer const& chain, Revocation const& known,
                      settings::Trust const& rules, WallTime now) {
  Findings findings;
  for (ChainProblem const& problem : chain.problems) {
    if (!is_about_revocation(problem.fault) || is_about_file(problem, known, rules.skew, now)) {
      continue;
    }
    Certificate const& certificate = chain.path.at(static_cast<std::size_t>(problem.depth));
    Refusal refusal = refusal_of(problem, certificate, known);
    findings.refuse(refusal.reason, std::move(refusal.text));
  }
  return findings;
}

std::string converted_crl(source::Snapshot const& snapshot, Revocation const& known) {
  if (!snapshot.crl || !crypto::looks_like_der(snapshot.crl->bytes.view())) return {};
  auto const own = std::find_if(known.crl_files.begin(), known.crl_files.end(),
                                [](CrlFile const& file) { return file.of_source && file.crls; });
  // Thrown where memory is wanting, as any string is.
  return own == known.crl_files.end() ? std::string() : crypto::to_pem(*own->crls).value();
}

}  // namespace certpivot::trust::rule
