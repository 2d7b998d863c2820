// Scenario: what is done to a few descriptors and to the pollers that watch
// them, as one line of text.
//
//   tcp a b; send b 3; close b; watch a rw; wait
//
// Steps are separated by semicolons, words by spaces. The first word of a step
// is a command of the vocabulary (vocabulary.h), which also says what follows
// it. `try` before a channel's command means that it may fail, and that the
// scenario goes on all the same: `try recv a 1`.

#ifndef ISOPOLL_TESTS_SUPPORT_SCENARIO_H_
#define ISOPOLL_TESTS_SUPPORT_SCENARIO_H_

#include <ostream>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tests/support/step.h"

namespace isopoll::tests {

// A value type. Every Scenario keeps to the vocabulary: commands are known,
// arguments are of the right kind, names are declared once and before use.
class Scenario {
 public:
  // The empty scenario.
  Scenario() = default;

  // InvalidArgument says which step, which word, and what was expected there.
  static absl::StatusOr<Scenario> Parse(absl::string_view text);
  static absl::StatusOr<Scenario> FromSteps(std::vector<Step> steps);

  // What is left of `steps` without those that do not keep to it.
  static Scenario Salvage(std::vector<Step> steps);

  const std::vector<Step>& steps() const { return steps_; }

  // What Parse reads: Parse(s.ToString()) == s.
  std::string ToString() const;
  friend std::ostream& operator<<(std::ostream& out, const Scenario& scenario) {
    return out << scenario.ToString();
  }
  friend bool operator==(const Scenario& a, const Scenario& b) {
    return a.steps_ == b.steps_;
  }

 private:
  explicit Scenario(std::vector<Step> steps) : steps_(std::move(steps)) {}

  std::vector<Step> steps_;
};

// `first; second; third`.
std::string StepsToString(const std::vector<Step>& steps);

}  // namespace isopoll::tests

#endif  // ISOPOLL_TESTS_SUPPORT_SCENARIO_H_
