#include "trust/rule/source_crl.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "crypto/der.hpp"

namespace certpivot::trust::rule {
namespace {

using crypto::Certificate;
using crypto::Crl;
using crypto::CrlFile;

// By issuer and scope: of each, servers take one.
using Issues = std::map<std::pair<std::string, std::string>, std::vector<Crl>>;

Issues issues_in(std::vector<Crl> const& crls) {
  Issues issues;
  for (Crl const& crl : crls)
    if (!crl.is_delta()) issues[{crl.issuer(), crl.scope()}].push_back(crl);
  return issues;
}

Crl const& newest_of(std::vector<Crl> const& crls) {
  return *std::max_element(crls.begin(), crls.end(), [](Crl const& left, Crl const& right) {
    return left.this_update() < right.this_update();
  });
}

bool has_expired(Crl const& crl, WallTime now) {
  auto const end = crl.next_update();
  return end && *end <= now;
}

CrlFile const* own_file(Revocation const& known) {
  auto const own = std::find_if(known.crl_files.begin(), known.crl_files.end(),
                                [](CrlFile const& file) { return file.of_source && file.crls; });
  return own == known.crl_files.end() ? nullptr : &*own;
}

std::vector<Certificate> authorities_at_hand(Question const& question, Candidate const& candidate) {
  std::vector<Certificate> all = candidate.intermediates;
  all.insert(all.end(), candidate.authorities.begin(), candidate.authorities.end());
  if (question.anchors) {
    auto const& anchors = question.anchors->certificates();
    all.insert(all.end(), anchors.begin(), anchors.end());
  }
  return all;
}

/// Which CRLs have been signed by the authorities at hand.
class Signatures {
 public:
  enum class Answer { good, wrong, unknown };

  explicit Signatures(std::vector<Certificate> authorities)
      : authorities_(std::move(authorities)) {}

  Answer of(Crl const& crl) {
    Answer answer = Answer::unknown;
    for (Certificate const& authority : authorities_) {
      if (!crl.bears_name_of(authority)) continue;
      if (spent_++ >= most_checked) return Answer::unknown;
      if (crl.signed_by(authority)) return Answer::good;
      answer = Answer::wrong;
    }
    return answer;
  }

 private:
  // One by RSA of 16384 bits takes a millisecond.
  static constexpr std::size_t most_checked = 100;

  std::vector<Certificate> authorities_;
  std::size_t spent_ = 0;
};

bool is_in_force(Question const& question) {
  auto const& crl = question.snapshot.crl;
  if (!crl || question.current.crl_pem.empty()) return false;
  std::string const converted = converted_crl(question);
  return question.current.crl_pem == (converted.empty() ? crl->bytes.view() : converted);
}

Issues issues_in_force(Question const& question) {
  auto const crls = crypto::read_crls(question.current.crl_pem);
  return crls ? issues_in(*crls) : Issues();
}

class SourceCrlJudge {
 public:
  SourceCrlJudge(Question const& question, Candidate const& candidate, CrlFile const& file)
      : question_(question),
        file_(file),
        signatures_(authorities_at_hand(question, candidate)),
        in_force_(is_in_force(question)) {
    if (!in_force_) before_ = issues_in_force(question);
  }

  SourceCrl judge() && {
    Issues const issues = issues_in(*file_.crls);
    for (auto const& [scope, crls] : issues) {
      auto const trusted = signed_of(crls);
      if (trusted.empty()) continue;
      judge_times(trusted);
      if (auto const before = before_.find(scope); before != before_.end())
        judge_age(newest_of(trusted), newest_of(before->second));
    }
    answer_.usable = answer_.findings.refusals.empty() &&
                     std::none_of(file_.crls->begin(), file_.crls->end(),
                                  [](Crl const& crl) { return crl.is_delta(); });
    return std::move(answer_);
  }

 private:
  [[nodiscard]] std::string start(Crl const& crl) const {
    return file_.path + ": the CRL of " + crl.issuer();
  }

  void object(Crl const& crl, Reason reason, std::string const& text) {
    bool const is_needed = question_.rules.revocation == settings::Revocation::crl;
    if (in_force_ && !is_needed) {
      answer_.findings.warn(text + "; it is in force already, and stays so with the next pair");
      return;
    }
    answer_.findings.refuse(reason, text);
    answer_.refused.push_back(crl);
  }

  // Those that servers would not pass over.
  std::vector<Crl> signed_of(std::vector<Crl> const& crls) {
    std::vector<Crl> trusted;
    std::vector<Crl> strange;
    bool unknown = false;
    for (Crl const& crl : crls) {
      auto const answer = signatures_.of(crl);
      unknown = unknown || answer == Signatures::Answer::unknown;
      (answer == Signatures::Answer::wrong ? strange : trusted).push_back(crl);
    }
    if (unknown) {
      answer_.findings.warn(start(crls.front()) +
                            " could not be verified: no certificate of that name is in the chain, "
                            "the CA bundle or the anchors, or too many are");
    }
    tell_of_strange(strange, trusted.empty());
    return trusted;
  }

  void tell_of_strange(std::vector<Crl> const& crls, bool none_else) {
    if (crls.empty()) return;
    std::string const what = start(crls.front()) +
                             " is signed by none of the keys that certificates of that name have "
                             "in the chain, the CA bundle and the anchors";
    if (none_else) {
      object(crls.front(), Reason::crl_unavailable,
             what +
                 ", and servers that check CRLs refuse every certificate of that CA: bring the "
                 "CA's own");
    } else {
      answer_.findings.warn(what + ": leave it out");
    }
  }

  // nginx, HAProxy and PostgreSQL look at them.
  void judge_times(std::vector<Crl> const& crls) {
    WallTime const latest = question_.now + question_.rules.skew;
    bool const holds = std::any_of(crls.begin(), crls.end(), [&](Crl const& crl) {
      return !has_expired(crl, question_.now) && crl.this_update() <= latest;
    });
    if (holds) return;
    Crl const& crl = newest_of(crls);
    if (has_expired(crl, question_.now)) {
      object(crl, Reason::crl_expired,
             start(crl) + " expired at " +
                 to_rfc3339_seconds(crl.next_update().value_or(crl.this_update())) +
                 ", and servers that check CRLs refuse every certificate of that CA: bring its "
                 "present one, or take source.crl out of the configuration");
    }
    if (crl.this_update() > latest) {
      object(crl, Reason::crl_not_yet_valid,
             start(crl) + " is not valid before " + to_rfc3339_seconds(crl.this_update()) +
                 ", and servers that check CRLs refuse every certificate of that CA until then: "
                 "check the clock, or wait");
    }
  }

  // Who was revoked since then would get in again.
  void judge_age(Crl const& next, Crl const& before) {
    if (next.this_update() >= before.this_update()) return;
    std::string const older = start(next) + " is of " + to_rfc3339_seconds(next.this_update()) +
                              ", older than the one in force, of " +
                              to_rfc3339_seconds(before.this_update()) +
                              ": what was revoked since then no longer is";
    if (question_.rules.allow_older || has_expired(before, question_.now)) {
      answer_.findings.warn(older);
    } else {
      object(next, Reason::older_than_current,
             older + "; bring the CA's present one, or set trust.allow_older");
    }
  }

  Question const& question_;
  CrlFile const& file_;
  Signatures signatures_;
  bool in_force_;
  Issues before_ = {};
  SourceCrl answer_ = {};
};

}  // namespace

SourceCrl source_crl(Question const& question, Candidate const& candidate) {
  CrlFile const* const file = own_file(question.revocation);
  return file == nullptr ? SourceCrl() : SourceCrlJudge(question, candidate, *file).judge();
}

std::string converted_crl(Question const& question) {
  auto const& crl = question.snapshot.crl;
  if (!crl || !crypto::looks_like_der(crl->bytes.view())) return {};
  CrlFile const* const own = own_file(question.revocation);
  // Thrown where memory is wanting, as any string is.
  return own == nullptr ? std::string() : crypto::to_pem(*own->crls).value();
}

}  // namespace certpivot::trust::rule
