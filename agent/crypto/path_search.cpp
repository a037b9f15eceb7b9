#include "crypto/path_search.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "crypto/handle.hpp"

namespace certpivot::crypto {
namespace {

// Each certificate of a path tried costs a signature, and one by RSA of 16384 bits takes a
// millisecond.
constexpr std::size_t most_tried = 32;

using Certificates = std::vector<Certificate>;

bool holds(Certificates const& list, Certificate const& one) {
  return std::find(list.begin(), list.end(), one) != list.end();
}

using Faults = std::vector<std::pair<ChainFault, std::string>>;

Faults faults_of(ChainAnswer const& answer) {
  Faults faults;
  for (ChainProblem const& problem : answer.problems)
    faults.emplace_back(problem.fault, problem.strict);
  std::sort(faults.begin(), faults.end());
  return faults;
}

// Less is better. Strict problems may be relaxed, so they count for less than others. Which faults
// they are decides last, and not which path was tried first.
std::tuple<bool, std::ptrdiff_t, std::size_t, Faults> badness(ChainAnswer const& answer) {
  auto const& problems = answer.problems;
  auto const count = [&](auto is_one) {
    return std::count_if(problems.begin(), problems.end(),
                         [&](ChainProblem const& problem) { return is_one(problem.fault); });
  };
  bool const leads_up = answer.anchored &&
                        count([](ChainFault fault) { return fault == ChainFault::untrusted; }) == 0;
  auto const serious = count([](ChainFault fault) { return fault != ChainFault::strict; });
  return {!leads_up, serious, problems.size(), faults_of(answer)};
}

class PathSearch {
 public:
  PathSearch(ChainQuestion const& question, ChainAnswer first, VerifyWithout const& verify)
      : question_(question), verify_(verify), best_(std::move(first)) {}

  ChainAnswer best() && {
    Certificates const path = best_.path;
    branch(path, {});
    return std::move(best_);
  }

 private:
  // Goes back along a path that did not hold, from its end to the leaf, and on without one of its
  // certificates at a time. True where nothing is left to look for.
  bool branch(Certificates const& path, Certificates const& left_out) {
    spent_ += path.size();
    for (std::size_t depth = path.size(); depth-- > 1;) {
      if (!has_twin(path[depth], left_out)) continue;
      if (spent_ >= most_tried) return true;
      Certificates without = left_out;
      without.push_back(path[depth]);
      if (try_without(without)) return true;
    }
    return false;
  }

  bool try_without(Certificates const& left_out) {
    ChainAnswer answer = verify_(left_out);
    Certificates const path = answer.path;
    if (badness(answer) < badness(best_)) best_ = std::move(answer);
    return best_.problems.empty() || branch(path, left_out);
  }

  // Another certificate of this name that could take its place.
  [[nodiscard]] bool has_twin(Certificate const& one, Certificates const& left_out) const {
    auto const is_twin = [&](Certificate const& other) {
      return X509_NAME_cmp(X509_get_subject_name(one.get()), X509_get_subject_name(other.get())) ==
                 0 &&
             !(one == other) && !holds(left_out, other);
    };
    auto const& helpers = question_.intermediates;
    auto const& anchors = question_.anchors.certificates();
    return std::any_of(helpers.begin(), helpers.end(), is_twin) ||
           std::any_of(anchors.begin(), anchors.end(), is_twin);
  }

  ChainQuestion const& question_;
  VerifyWithout const& verify_;
  ChainAnswer best_;
  std::size_t spent_ = 0;
};

}  // namespace

ChainAnswer best_path(ChainQuestion const& question, ChainAnswer first,
                      VerifyWithout const& verify) {
  return PathSearch(question, std::move(first), verify).best();
}

}  // namespace certpivot::crypto
