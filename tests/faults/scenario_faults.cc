#include "tests/faults/scenario_faults.h"

#include <cerrno>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "isopoll/interest.h"
#include "isopoll/poller.h"
#include "tests/faults/call_log.h"
#include "tests/faults/failure.h"
#include "tests/faults/faulty_kqueue.h"
#include "tests/faults/retried_poller.h"
#include "tests/support/contender.h"
#include "tests/support/judge.h"
#include "tests/support/poller_kind.h"
#include "tests/support/process_state.h"
#include "tests/support/runner.h"
#include "tests/support/scenario.h"
#include "tests/support/step.h"

namespace isopoll::tests {
namespace {

// No registration's, for the judge: nothing may be reported under it.
constexpr Token kGivenUp = 999999;

struct Outcome {
  absl::Status verdict;
  // How often each call is made: when the poller was made, before it is
  // destroyed, in all.
  std::map<std::string, int> begin, end, counts;
  bool hit = false;
  bool told = false;
  // The step in which a change failed.
  std::optional<size_t> failed_change;
};

bool IsChange(const Step& step) {
  return step.verb() == "watch" || step.verb() == "modify" ||
         step.verb() == "set";
}

// Makes the change of `step`, which is to fail, behind the judge's back.
absl::Status GiveUp(const Step& step, const Runner& runner, Poller& poller) {
  const absl::StatusOr<int> fd = runner.world().Number(step.word(1));
  if (!fd.ok()) return fd.status();
  const Interest interest = step.interest(2);
  const Trigger trigger =
      step.has_word(3) ? Trigger::kOneShot : Trigger::kLevel;
  const absl::Status said =
      step.verb() == "watch" ? poller.Add(*fd, interest, kGivenUp, trigger)
      : step.verb() == "modify"
          ? poller.Modify(*fd, interest, kGivenUp, trigger)
          : poller.Set(*fd, interest, kGivenUp, trigger);
  return said.ok() ? absl::InternalError(absl::StrCat("\"", step.ToString(),
                                                      "\" failed only once"))
                   : absl::OkStatus();
}

// One run, in which the change of step `given_up` is not tried again.
class ScenarioRun {
 public:
  ScenarioRun(const Scenario& scenario, const Victim& victim,
              const LoopOptions& options, std::optional<Fault> fault,
              std::optional<size_t> given_up)
      : scenario_(scenario), given_up_(given_up), trial_(fault) {
    trial_.look = options.look;
    contender_ = victim.contender;
    contender_.create = [this, make = victim.contender.create] {
      absl::StatusOr<std::unique_ptr<Poller>> made =
          RetriedPoller::Make(make, &trial_);
      if (made.ok()) poller_ = made->get();
      return made;
    };
  }

  Outcome Run() {
    const std::set<int> descriptors = OpenDescriptors();
    outcome_.verdict = RunSteps();
    outcome_.verdict.Update(trial_.complaint());
    if (outcome_.verdict.ok() && OpenDescriptors() != descriptors) {
      outcome_.verdict = absl::InternalError("leaves descriptors behind");
    }
    outcome_.counts = trial_.log.counts();
    outcome_.hit = trial_.hit;
    outcome_.told = trial_.told;
    return outcome_;
  }

 private:
  absl::Status RunSteps() {
    absl::StatusOr<std::unique_ptr<Runner>> runner =
        Runner::Create({contender_});
    if (!runner.ok()) return runner.status();
    outcome_.begin = trial_.log.counts();
    for (size_t i = 0; i < scenario_.steps().size(); ++i) {
      const Step& step = scenario_.steps()[i];
      trial_.retries = i != given_up_;
      const bool failed_before = trial_.change_failed;
      absl::Status done = trial_.retries ? (*runner)->Do(step)
                                         : GiveUp(step, **runner, *poller_);
      if (!done.ok()) return done;
      if (!failed_before && trial_.change_failed && IsChange(step)) {
        outcome_.failed_change = i;
      }
    }
    outcome_.end = trial_.log.counts();
    return absl::OkStatus();
  }

  const Scenario& scenario_;
  const std::optional<size_t> given_up_;
  Trial trial_;
  Contender contender_;
  Poller* poller_ = nullptr;
  Outcome outcome_;
};

std::string Describe(const Scenario& scenario, const Victim& victim,
                     const std::string& fault) {
  return absl::StrCat(victim.contender.name, ", ", fault, ", in \"",
                      scenario.ToString(), "\"");
}

Outcome Run(const Scenario& scenario, const Victim& victim,
            const LoopOptions& options, std::optional<Fault> fault,
            std::optional<size_t> given_up = std::nullopt) {
  const Watchdog watchdog(Describe(
      scenario, victim, fault.has_value() ? fault->ToString() : "no fault"));
  return ScenarioRun(scenario, victim, options, fault, given_up).Run();
}

// Which of the calls of one name fail, those after `begin` of `end`.
std::vector<int> Picks(int begin, int end, int most) {
  std::vector<int> picks;
  for (int nth = begin + 1; nth <= end; ++nth) {
    if (nth < begin + most || nth == end) picks.push_back(nth);
  }
  return picks;
}

int CountOf(const std::map<std::string, int>& counts, absl::string_view call) {
  const auto count = counts.find(std::string(call));
  return count == counts.end() ? 0 : count->second;
}

// What a poller cannot make good, as it cannot ask again: which file a number
// had, if that is another's by now; and the hints of a one-shot registration
// that has been reported.
bool IsBeyondRepair(const Failure& failure, const Scenario& scenario,
                    const Contender& contender) {
  const std::string text = scenario.ToString();
  if (absl::EndsWith(failure.call, "fstat")) {
    return contender.check_closed && (absl::StrContains(text, "replace") ||
                                      absl::StrContains(text, "close"));
  }
  return contender.exact_hints && failure.call == "poll" &&
         failure.error != EINTR && absl::StrContains(text, "oneshot");
}

std::vector<Fault> FaultsAmong(const Outcome& without, const Scenario& scenario,
                               const Victim& victim,
                               const LoopOptions& options) {
  std::vector<Fault> faults;
  for (const Failure& failure : victim.failures) {
    if (IsBeyondRepair(failure, scenario, victim.contender)) continue;
    const int begin = options.ends ? 0 : CountOf(without.begin, failure.call);
    const int end =
        CountOf(options.ends ? without.counts : without.end, failure.call);
    for (const int nth : Picks(begin, end, options.most_calls)) {
      const Fault fault = {&failure, nth};
      if (options.only.empty() || options.only == fault.ToString()) {
        faults.push_back(fault);
      }
    }
  }
  return faults;
}

absl::Status Blame(const Victim& victim, const std::string& fault,
                   const absl::Status& verdict) {
  if (verdict.ok()) return verdict;
  return absl::Status(verdict.code(),
                      absl::StrCat(victim.contender.name, ", ", fault, ": ",
                                   verdict.message()));
}

absl::Status FailCall(const Scenario& scenario, const Victim& victim,
                      const LoopOptions& options, const Fault& fault,
                      Tally* tally) {
  const Outcome outcome = Run(scenario, victim, options, fault);
  ++(outcome.hit ? tally->injected : tally->missed);
  if (outcome.told) ++tally->told;
  if (!outcome.verdict.ok()) {
    return Blame(victim, fault.ToString(), outcome.verdict);
  }
  if (!outcome.failed_change.has_value()) return absl::OkStatus();
  ++tally->given_up;
  const absl::Status verdict =
      Run(scenario, victim, options, fault, outcome.failed_change).verdict;
  // Later steps may need what was given up.
  if (!IsDisagreement(verdict)) return absl::OkStatus();
  return Blame(victim, absl::StrCat(fault.ToString(), ", given up"), verdict);
}

}  // namespace

std::vector<Victim> Victims() {
  std::vector<Victim> victims;
  const auto enter = [&](const std::vector<PollerKind>& kinds,
                         absl::Span<const Failure> failures) {
    for (const PollerKind& kind : kinds) {
      victims.push_back({PlainContender(kind), failures});
      victims.push_back({ExactContender(kind), failures});
    }
  };
  enter(SupportedKinds(), PollerFailures());
  enter(FaultyStandinKinds(), KqueueFailures());
  return victims;
}

absl::Status FailEachCall(const Scenario& scenario, const Victim& victim,
                          const LoopOptions& options, Tally* tally) {
  const Outcome without = Run(scenario, victim, options, std::nullopt);
  absl::Status verdict = Blame(victim, "no fault", without.verdict);
  if (!verdict.ok()) return verdict;
  for (const Fault& fault : FaultsAmong(without, scenario, victim, options)) {
    verdict.Update(FailCall(scenario, victim, options, fault, tally));
  }
  return verdict;
}

std::map<std::string, int> CallsIn(const Scenario& scenario,
                                   const Victim& victim,
                                   const LoopOptions& options) {
  return Run(scenario, victim, options, std::nullopt).counts;
}

}  // namespace isopoll::tests
