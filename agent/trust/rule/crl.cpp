#include "trust/rule/crl.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

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

// What a CRL is missing for may stand in a file that could not be used.
bool is_about_file(ChainProblem const& problem, Revocation const& known) {
  return problem.fault == ChainFault::crl_missing &&
         std::any_of(known.crl_files.begin(), known.crl_files.end(),
                     [](CrlFile const& file) { return !file.crls; });
}

bool is_within_skew(ChainProblem const& problem, Duration skew, WallTime now) {
  return problem.fault == ChainFault::crl_not_yet_valid && problem.crl &&
         problem.crl->this_update() <= now + skew;
}

bool comes_of(std::vector<Crl> const& refused, ChainProblem const& problem,
              Certificate const& certificate) {
  return problem.fault != ChainFault::revoked &&
         std::any_of(refused.begin(), refused.end(),
                     [&](Crl const& crl) { return crl.issued_for(certificate); });
}

struct Ranked {
  Crl crl;
  std::string number = {};  ///< hex without leading zero bytes: the longer one is the higher
  std::size_t count = 0;
};

bool comes_before(Ranked const& left, Ranked const& right) {
  auto const rank = [](Ranked const& one) {
    return std::tuple(one.number.size(), std::string_view(one.number), one.count);
  };
  return rank(left) > rank(right);
}

void judge_kind(Crl const& crl, std::string const& start, Findings& findings) {
  if (!crl.is_delta()) return;
  findings.refuse(Reason::crl_unavailable,
                  start +
                      " is a delta CRL, which tells only what has changed since another: bring "
                      "a complete one");
}

}  // namespace

Findings crl_files(Revocation const& known) {
  Findings findings;
  for (CrlFile const& file : known.crl_files) {
    if (!file.crls) {
      findings.refuse(Reason::crl_unavailable, file.failure);
      continue;
    }
    for (Crl const& crl : *file.crls)
      judge_kind(crl, file.path + ": the CRL of " + crl.issuer(), findings);
  }
  return findings;
}

std::vector<Crl> usable_crls(Revocation const& known) {
  std::vector<Ranked> ranked;
  for (CrlFile const& file : known.crl_files) {
    if (!file.crls) continue;
    for (Crl const& crl : *file.crls)
      if (!crl.is_delta()) ranked.push_back({crl, crl.number(), crl.count()});
  }
  std::stable_sort(ranked.begin(), ranked.end(), comes_before);
  std::vector<Crl> crls;
  crls.reserve(ranked.size());
  for (Ranked& one : ranked) crls.push_back(std::move(one.crl));
  return crls;
}

Findings crl_problems(crypto::ChainAnswer const& chain, Revocation const& known,
                      std::vector<Crl> const& refused, settings::Trust const& rules, WallTime now) {
  Findings findings;
  for (ChainProblem const& problem : chain.problems) {
    if (!is_about_revocation(problem.fault) || is_about_file(problem, known) ||
        is_within_skew(problem, rules.skew, now)) {
      continue;
    }
    Certificate const& certificate = chain.path.at(static_cast<std::size_t>(problem.depth));
    if (comes_of(refused, problem, certificate)) continue;
    Refusal refusal = refusal_of(problem, certificate, known);
    findings.refuse(refusal.reason, std::move(refusal.text));
  }
  return findings;
}

Findings crl(Candidate const& candidate, Revocation const& known, std::vector<Crl> const& refused,
             settings::Trust const& rules, WallTime now) {
  Findings findings;
  for (Refusal const& refusal : crl_problems(candidate.chain, known, refused, rules, now).refusals)
    findings.refuse(refusal.reason, candidate.certificate_path + ": " + refusal.text);
  return findings;
}

}  // namespace certpivot::trust::rule
