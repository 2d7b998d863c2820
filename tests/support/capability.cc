#include "tests/support/capability.h"

#include <set>

#include "isopoll/interest.h"

namespace isopoll::tests {
namespace {

bool Removes(const Step& step) {
  return step.verb() == "remove" ||
         (step.verb() == "set" && step.interest(2).empty());
}

bool Registers(const Step& step) {
  return step.verb() == "watch" || step.verb() == "modify" ||
         (step.verb() == "set" && !Removes(step));
}

bool Closes(const Step& step) {
  return step.verb() == "close" || step.verb() == "reset" ||
         step.verb() == "replace";
}

bool MakesFile(const Step& step) {
  return step.verb() == "file" || step.verb() == "memfd" ||
         step.verb() == "open";
}

void AddForRegistration(const Step& step, std::set<Capability>& needed) {
  const Interest interest = step.interest(2);
  if (interest.empty()) {
    needed.insert(Capability::kParking);
  } else if (!interest.readable()) {
    needed.insert(Capability::kSilentHangup);
  }
  if (interest.priority()) needed.insert(Capability::kPriority);
  if (step.has_word(3)) needed.insert(Capability::kOneShot);
}

}  // namespace

std::set<Capability> Requirements::Of(const Step& step) const {
  std::set<Capability> needed;
  if (Registers(step)) AddForRegistration(step, needed);
  if (asleep_ && (Registers(step) || Removes(step))) {
    needed.insert(Capability::kChangesWhileAsleep);
  }
  if (Closes(step) && watched_.count(step.word(1)) != 0) {
    needed.insert(Capability::kClosedWithoutRemove);
  }
  if (MakesFile(step)) needed.insert(Capability::kFiles);
  if ((step.verb() == "wait" && step.has_word(1)) ||
      (step.verb() == "waits" && step.has_word(2))) {
    needed.insert(Capability::kFairness);
  }
  // Those that sleep are roused by a wake-up.
  if (step.verb() == "wakeup" || step.verb() == "sleep") {
    needed.insert(Capability::kWakeup);
  }
  return needed;
}

void Requirements::Note(const Step& step) {
  if (Registers(step) && step.verb() != "modify") watched_.insert(step.word(1));
  if (Removes(step) || Closes(step)) watched_.erase(step.word(1));
  if (step.verb() == "sleep") asleep_ = true;
  if (step.verb() == "rouse") asleep_ = false;
}

std::set<Capability> RequirementsOf(const Scenario& scenario) {
  Requirements requirements;
  std::set<Capability> needed;
  for (const Step& step : scenario.steps()) {
    needed.merge(requirements.Of(step));
    requirements.Note(step);
  }
  return needed;
}

}  // namespace isopoll::tests
