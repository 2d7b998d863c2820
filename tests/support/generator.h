// Generator: steps, one after another, for a world with many descriptors, as
// chance or bytes choose them. It draws on the whole vocabulary, so that what
// is added there is used here.

#ifndef ISOPOLL_TESTS_SUPPORT_GENERATOR_H_
#define ISOPOLL_TESTS_SUPPORT_GENERATOR_H_

#include <cstddef>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "tests/support/choices.h"
#include "tests/support/command.h"
#include "tests/support/step.h"
#include "tests/support/world.h"

namespace isopoll::tests {

class Generator {
 public:
  // The same choices give the same steps, as long as the world goes the same
  // way. About `most_open` descriptors are kept open. `choices` must outlive
  // this object.
  Generator(Choices& choices, size_t most_open);

  // A step that makes sense in `world`, in which all former ones were done.
  Step Next(const World& world);

 private:
  size_t Below(size_t bound) { return choices_.Below(bound); }
  bool Chance(int percent) { return Below(100) < static_cast<size_t>(percent); }
  template <typename T>
  const T& AnyOf(const std::vector<T>& choices) {
    return choices[Below(choices.size())];
  }

  void Plan(const World& world);
  void PlanWait();
  void PlanRegistration();
  void PlanAction();
  void PlanOpening();
  void PlanClosing(const std::string& name);
  void PlanSet(const std::string& name);
  void PlanReplacing(const Step& step);
  // The same is wanted of `name` as before.
  void PlanNaming(const std::string& name);
  // What is asked of a name in a step that registers it.
  std::string Wanted();
  void PlanSleep();
  void PlanSilence();
  Step FromUsage(absl::string_view usage);
  std::string Argument(absl::string_view slot);
  std::string AnyName();
  bool IsNestable(const Step& step) const;
  void Enqueue(const std::string& text);
  void Enqueue(Step step) { planned_.push_back(std::move(step)); }

  Choices& choices_;
  size_t most_open_;
  std::deque<Step> planned_;
  std::vector<std::string> open_;
  // By name, what followed it in the step that registered it last.
  std::map<std::string, std::string> watched_;
  // By name, the command that made it, or what it is a copy of.
  std::map<std::string, std::string> kinds_;
  int names_ = 0;
};

}  // namespace isopoll::tests

#endif  // ISOPOLL_TESTS_SUPPORT_GENERATOR_H_
