#include "tests/support/generator.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "poller/interest.h"
#include "tests/support/basic_actions.h"
#include "tests/support/channel_kinds.h"
#include "tests/support/socket_actions.h"
#include "tests/support/special_actions.h"
#include "tests/support/usage.h"

namespace isopoll::tests {
namespace {

// What waits for something that may never come, what others on this machine
// cause events on, and what answers differently in the thread that sleeps.
bool IsUnfit(absl::string_view command) {
  return command == "await" || command == "await_bytes" || command == "reap" ||
         command == "watch_root" || command == "signalfd";
}

}  // namespace

Generator::Generator(uint64_t seed, size_t most_open)
    : random_(seed), most_open_(most_open) {}

Step Generator::Next(const World& world) {
  while (planned_.empty()) Plan(world);
  Step step = std::move(planned_.front());
  planned_.pop_front();
  return step;
}

void Generator::Enqueue(const std::string& text) {
  Step step;
  step.words = absl::StrSplit(text, ' ');
  Enqueue(std::move(step));
}

void Generator::Plan(const World& world) {
  open_ = world.OpenNames();
  const size_t what = Below(200);
  if (open_.size() > most_open_) return PlanClosing(AnyName());
  if (open_.empty() || what < 25) return PlanOpening();
  if (what < 33) return PlanClosing(AnyName());
  if (what < 34) return PlanSleep();
  if (what < 36) return Enqueue("wakeup");
  if (what < 80) return PlanRegistration();
  if (what < 130) return PlanAction();
  PlanWait();
}

void Generator::PlanWait() {
  Enqueue(Chance(60) ? "wait" : absl::StrCat("wait ", 1 + Below(8)));
}

void Generator::PlanRegistration() {
  const std::string name = AnyName();
  const std::string with = absl::StrCat(name, " ", Argument("INTEREST"),
                                        Chance(25) ? " oneshot" : "");
  // Now and then what must be refused.
  const bool mistaken = Chance(3);
  if ((watched_.count(name) != 0) == mistaken) {
    watched_.insert(name);
    return Enqueue(absl::StrCat("watch ", with));
  }
  if (Chance(75)) return Enqueue(absl::StrCat("modify ", with));
  watched_.erase(name);
  Enqueue(absl::StrCat("remove ", name));
}

void Generator::PlanAction() {
  const size_t which = Below(100);
  const absl::Span<const Command> table = which < 60   ? BasicActions()
                                          : which < 85 ? SocketActions()
                                                       : SpecialActions();
  const Command& command = table[Below(table.size())];
  const absl::string_view name = CommandName(command.usage);
  if (IsUnfit(name) || name == "close") return;
  Step step = FromUsage(command.usage);
  if (WouldNotDo(step)) return;
  if (name == "reset") return PlanClosing(step.word(1));
  if (name == "dup" || name == "reopen")
    kinds_[step.word(2)] = kinds_[step.word(1)];
  if (name == "replace") kinds_[step.word(1)] = kinds_[step.word(2)];
  step.tolerant = true;
  Enqueue(std::move(step));
}

void Generator::PlanOpening() {
  const absl::Span<const Command> table = ChannelKinds();
  const Command& command = table[Below(table.size())];
  if (IsUnfit(CommandName(command.usage))) return;
  Step step = FromUsage(command.usage);
  step.tolerant = true;
  std::vector<std::string> made(step.words.begin() + 1, step.words.end());
  Enqueue(std::move(step));
  for (const std::string& name : made) {
    if (kinds_.count(name) == 0 || !Chance(70)) continue;
    // If it could not be made there is nothing to watch.
    if (kinds_[name] == "open") continue;
    watched_.insert(name);
    Enqueue(absl::StrCat("watch ", name, " ", Argument("INTEREST")));
  }
}

void Generator::PlanClosing(const std::string& name) {
  const std::string close =
      absl::StrCat(Chance(80) ? "close " : "reset ", name);
  const bool watched = watched_.erase(name) != 0;
  const bool in_order = !watched || Chance(85);
  if (watched && in_order) Enqueue(absl::StrCat("remove ", name));
  Enqueue(close);
  planned_.back().tolerant = true;
  if (in_order) return;
  // Behind the pollers' back; they get a while to notice.
  for (size_t waits = Below(3); waits > 0; --waits) Enqueue("wait");
  Enqueue(absl::StrCat("remove ", name));
}

void Generator::PlanSleep() {
  Enqueue("sleep");
  if (Chance(50)) PlanAction();
  // With SO_OOBINLINE Linux shows an urgent byte in two steps, priority first,
  // and a sleeper may wake to the first.
  if (planned_.back().verb() == "urgent") planned_.pop_back();
  if (Chance(50)) PlanRegistration();
  Enqueue("rouse");
}

Step Generator::FromUsage(absl::string_view usage) {
  Step step;
  for (absl::string_view slot : absl::StrSplit(usage, ' ')) {
    if (step.words.empty()) {
      step.words.emplace_back(slot);
      continue;
    }
    if (absl::ConsumePrefix(&slot, "[")) {
      if (Chance(50)) break;
      absl::ConsumeSuffix(&slot, "]");
    }
    step.words.push_back(Argument(slot));
    if (slot == "NEW") kinds_[step.words.back()] = step.verb();
  }
  return step;
}

std::string Generator::Argument(absl::string_view slot) {
  static const auto& counts = *new std::vector<std::string>{
      "0", "1", "1", "2", "3", "8", "100", "4095", "4096", "5000", "70000"};
  static const auto& paths = *new std::vector<std::string>{
      "/", "/dev/null", "/dev/zero", "/dev/urandom", "/proc/self/status"};
  if (slot == "NEW") return absl::StrCat("n", ++names_);
  if (slot == "NAME") return AnyName();
  if (slot == "COUNT" || slot == "VALUE") return AnyOf(counts);
  if (slot == "PATH") return AnyOf(paths);
  if (slot == "INTEREST") {
    return Interest::FromBits(static_cast<uint8_t>(Below(8))).ToString();
  }
  const std::vector<std::string> choices = absl::StrSplit(slot, '|');
  return AnyOf(choices);
}

std::string Generator::AnyName() {
  // Nothing is open: a name that was never made, which `try` allows.
  return open_.empty() ? absl::StrCat("n", names_) : AnyOf(open_);
}

bool Generator::WouldNotDo(const Step& step) const {
  if (step.verb() == "nest") return !IsNestable(step);
  // A full terminal becomes writable a moment before the kernel says so: who
  // looks sees it, who waits to be told does not.
  if (step.verb() == "fill") return IsTerminal(step.word(1));
  return step.verb() == "send" && step.number(2) > 3 &&
         IsTerminal(step.word(1));
}

bool Generator::IsTerminal(const std::string& name) const {
  const auto kind = kinds_.find(name);
  return kind != kinds_.end() &&
         (kind->second == "pty" || kind->second == "pty_master" ||
          kind->second == "open_slave");
}

bool Generator::IsNestable(const Step& step) const {
  // Sets within sets: how deep epoll takes them is no matter of readiness.
  const auto set = kinds_.find(step.word(1));
  const auto member = kinds_.find(step.word(2));
  return set != kinds_.end() && set->second == "epoll" &&
         member != kinds_.end() &&
         (member->second == "pipe" || member->second == "tcp" ||
          member->second == "unix" || member->second == "eventfd");
}

}  // namespace isopoll::tests
