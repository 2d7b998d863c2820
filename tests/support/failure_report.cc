#include "tests/support/failure_report.h"

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "tests/support/judge.h"
#include "tests/support/scenario.h"
#include "tests/support/shrink.h"

namespace isopoll::tests {
namespace {

// The verdict of a disagreement without the scenario and without numbers, so
// that shrinking does not slide from one failure into another; empty if there
// is none.
std::string Verdict(const absl::Status& status) {
  if (!IsDisagreement(status)) return "";
  absl::string_view verdict = status.message();
  verdict.remove_prefix(verdict.rfind("\": ") + 3);
  std::string kept;
  for (char letter : verdict) {
    if (!absl::ascii_isdigit(letter)) kept += letter;
  }
  return kept;
}

}  // namespace

std::string FailureReport(absl::Span<const Step> done,
                          const absl::Status& status,
                          absl::Span<const Contender> contenders,
                          absl::Duration shrink_for,
                          const RunOptions& options) {
  const std::string verdict = Verdict(status);
  const auto fails = [&](const Scenario& scenario) {
    return Verdict(RunScenario(scenario, contenders, options)) == verdict;
  };
  const absl::StatusOr<Scenario> whole =
      Scenario::FromSteps({done.begin(), done.end()});
  if (!whole.ok()) return std::string(whole.status().message());
  if (verdict.empty() || !fails(*whole)) {
    return absl::StrCat("not again: ", status.message());
  }
  const Scenario least = Shrink(*whole, fails, shrink_for);
  return absl::StrCat("\"", least.ToString(), "\": ",
                      RunScenario(least, contenders, options).message());
}

}  // namespace isopoll::tests
