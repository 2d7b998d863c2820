#include "tests/support/generator.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "isopoll/interest.h"
#include "tests/support/basic_actions.h"
#include "tests/support/channel_kinds.h"
#include "tests/support/socket_actions.h"
#include "tests/support/special_commands.h"
#include "tests/support/usage.h"
#include "tests/support/vocabulary.h"

namespace isopoll::tests {
namespace {

// What waits for something that may never come, what others on this machine
// cause events on, and what answers differently in the thread that sleeps.
bool IsUnfit(absl::string_view command) {
  return command == "await" || command == "await_bytes" || command == "reap" ||
         command == "watch_root" || command == "signalfd";
}

// The channels that the vocabulary lacks on this system have no silences.
bool IsPossible(absl::string_view steps) {
  for (absl::string_view step : absl::StrSplit(steps, "; ")) {
    if (FindCommand(CommandName(step)) == nullptr) return false;
  }
  return true;
}

// What becomes ready without a word, which chance alone would hardly bring
// about. Capital letters stand for names, and I for an interest in A.
constexpr const char* kSilences[] = {
    "tcp A B; urgent B; watch A I; wait; oobinline A; wait",
    "pty A B; packet_mode A; watch A I; wait; stop B; wait; start B; wait",
    "pty A B; raw B 1; fill A; watch A I; wait; recv B 3000; wait",
    "pty B A; raw A 1; fill A; watch A I; wait; recv B 3000; wait",
    "unix_socket B dgram; bind B; unix_socket A dgram; bind A; connect A B; "
    "unix_socket C dgram; connect C B; unix_socket D dgram; connect D B; "
    "unix_socket E dgram; connect E B; fill C; fill D; fill E; watch A I; "
    "wait; connect B A; wait",
};

std::vector<const char*> PossibleSilences() {
  std::vector<const char*> possible;
  std::copy_if(std::begin(kSilences), std::end(kSilences),
               std::back_inserter(possible), IsPossible);
  return possible;
}

}  // namespace

Generator::Generator(Choices& choices, size_t most_open)
    : choices_(choices), most_open_(most_open) {}

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
  if (what < 37) return PlanSilence();
  if (what < 80) return PlanRegistration();
  if (what < 130) return PlanAction();
  PlanWait();
}

void Generator::PlanWait() {
  Enqueue(Chance(60) ? "wait" : absl::StrCat("wait ", 1 + Below(8)));
}

void Generator::PlanRegistration() {
  const std::string name = AnyName();
  if (Chance(15)) return PlanSet(name);
  const std::string wanted = Wanted();
  // Now and then what must be refused.
  const bool mistaken = Chance(3);
  if ((watched_.count(name) != 0) == mistaken) {
    watched_.emplace(name, wanted);
    return Enqueue(absl::StrCat("watch ", name, " ", wanted));
  }
  if (Chance(75)) {
    watched_[name] = wanted;
    return Enqueue(absl::StrCat("modify ", name, " ", wanted));
  }
  watched_.erase(name);
  Enqueue(absl::StrCat("remove ", name));
}

void Generator::PlanSet(const std::string& name) {
  const std::string wanted = Wanted();
  Enqueue(absl::StrCat("set ", name, " ", wanted));
  watched_[name] = wanted;
  if (planned_.back().interest(2).empty()) watched_.erase(name);
}

// Behind the pollers' back. Often they are told that what was wanted is wanted
// of the new file.
void Generator::PlanReplacing(const Step& step) {
  const std::string& name = step.word(1);
  kinds_[name] = kinds_[step.word(2)];
  Enqueue(step);
  const auto wanted = watched_.find(name);
  if (wanted == watched_.end() || !Chance(60)) return;
  if (Chance(50)) Enqueue("wait");
  PlanNaming(name);
}

std::string Generator::Wanted() {
  return absl::StrCat(Argument("INTEREST"), Chance(25) ? " oneshot" : "");
}

void Generator::PlanAction() {
  const size_t which = Below(100);
  const absl::Span<const Command> table = which < 60   ? BasicActions()
                                          : which < 85 ? SocketActions()
                                                       : SpecialActions();
  if (table.empty()) return;
  const Command& command = table[Below(table.size())];
  const absl::string_view name = CommandName(command.usage);
  if (IsUnfit(name) || name == "close") return;
  Step step = FromUsage(command.usage);
  if (name == "nest" && !IsNestable(step)) return;
  if (name == "reset") return PlanClosing(step.word(1));
  if (name == "dup" || name == "reopen")
    kinds_[step.word(2)] = kinds_[step.word(1)];
  step.tolerant = true;
  if (name == "replace") return PlanReplacing(step);
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
    watched_[name] = Argument("INTEREST");
    Enqueue(absl::StrCat("watch ", name, " ", watched_[name]));
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
  // The number is another file's, it may be, or is wanted as it is.
  if (Chance(40)) PlanOpening();
  if (Chance(40)) {
    Enqueue(absl::StrCat(Chance(50) ? "modify " : "set ", name, " ", Wanted()));
    for (size_t waits = Below(3); waits > 0; --waits) Enqueue("wait");
  }
  Enqueue(absl::StrCat("remove ", name));
}

void Generator::PlanSleep() {
  Enqueue("sleep");
  if (Chance(50)) PlanAction();
  // With SO_OOBINLINE Linux shows an urgent byte in two steps, priority first,
  // and a sleeper may wake to the first.
  if (planned_.back().verb() == "urgent") planned_.pop_back();
  if (Chance(50)) PlanRegistration();
  // Those that sleep wait already.
  planned_.erase(
      std::remove_if(planned_.begin(), planned_.end(),
                     [](const Step& step) { return step.verb() == "wait"; }),
      planned_.end());
  Enqueue("rouse");
}

void Generator::PlanSilence() {
  const std::string name = Argument("NEW");
  const std::string wanted = Argument("INTEREST");
  static const auto& silences =
      *new std::vector<const char*>(PossibleSilences());
  const std::string text =
      absl::StrReplaceAll(AnyOf(silences), {{"A", name},
                                            {"B", Argument("NEW")},
                                            {"C", Argument("NEW")},
                                            {"D", Argument("NEW")},
                                            {"E", Argument("NEW")},
                                            {"I", wanted}});
  for (absl::string_view step : absl::StrSplit(text, "; ")) {
    Enqueue(std::string(step));
    planned_.back().tolerant = step != "wait" && step.find("watch") != 0;
  }
  watched_[name] = wanted;
  if (Chance(50)) PlanNaming(name);
}

void Generator::PlanNaming(const std::string& name) {
  const std::string wanted = watched_[name];
  Enqueue(absl::StrCat(Chance(70) ? "modify " : "set ", name, " ", wanted));
  if (planned_.back().verb() == "set" && planned_.back().interest(2).empty()) {
    watched_.erase(name);
  }
  Enqueue("wait");
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
