#include "tests/support/runner.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/support/answer.h"
#include "tests/support/capability.h"
#include "tests/support/thread_usage.h"
#include "tests/support/unannounced.h"
#include "tests/support/vocabulary.h"

namespace isopoll::tests {
namespace {

// A muted descriptor may be looked at 25 times a second, and 8 times more in
// the first moments. Each look is up to four sleeps: that before it, and those
// for locks of the stand-in for kqueue, which others hold on a busy machine. A
// poller that spins sleeps a thousand times a second, or never: its processor
// time tells.
constexpr int kSleepsPerLook = 4;
constexpr int kSleepsPerSecond = 25 * kSleepsPerLook;
constexpr int kFirstSleeps = 8 * kSleepsPerLook;

Waited LookOnce(Poller& poller, size_t capacity) {
  Waited waited;
  waited.capacity = capacity;
  waited.events.resize(capacity);
  waited.result =
      poller.Wait(absl::MakeSpan(waited.events), absl::ZeroDuration());
  waited.events.resize(waited.result.ok() ? waited.result->count : 0);
  return waited;
}

// Those that claim all that `scenario` needs.
std::vector<Contender> Able(absl::Span<const Contender> contenders,
                            const Scenario& scenario) {
  const std::set<Capability> needed = RequirementsOf(scenario);
  std::vector<Contender> able;
  for (const Contender& contender : contenders) {
    const bool lacks_any =
        std::any_of(needed.begin(), needed.end(), [&](Capability capability) {
          return contender.lacks.count(capability) != 0;
        });
    if (!lacks_any) able.push_back(contender);
  }
  return able;
}

}  // namespace

absl::Status RunScenario(const Scenario& scenario,
                         absl::Span<const Contender> contenders,
                         const RunOptions& options) {
  absl::StatusOr<std::unique_ptr<Runner>> runner =
      Runner::Create(Able(contenders, scenario), options);
  if (!runner.ok()) return runner.status();
  for (const Step& step : scenario.steps()) {
    if (absl::Status status = (*runner)->Do(step); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<Runner>> Runner::Create(
    absl::Span<const Contender> contenders, const RunOptions& options) {
  std::unique_ptr<Runner> runner(new Runner(options));
  for (const Contender& contender : contenders) {
    auto entrant = std::make_unique<Entrant>(contender);
    absl::StatusOr<std::unique_ptr<Poller>> poller = contender.create();
    if (!poller.ok()) return poller.status();
    entrant->poller = *std::move(poller);
    runner->entrants_.push_back(std::move(entrant));
  }
  return runner;
}

Runner::~Runner() = default;

absl::Status Runner::Do(const Step& step) {
  done_.push_back(step);
  if (trace_ != nullptr) *trace_ << step.ToString() << '\n';
  absl::Status status = Perform(step);
  if (status.ok()) status = LookForFullTerminals();
  if (status.ok()) status = CheckSleepers();
  if (status.ok()) return status;
  return absl::Status(
      status.code(),
      absl::StrCat(IsDisagreement(status) ? "after" : "could not do", " step ",
                   done_.size(), " of \"", StepsToString(done_),
                   "\": ", status.message()));
}

absl::Status Runner::Perform(const Step& step) {
  const Command* command = FindCommand(step.verb());
  if (command == nullptr) {
    return absl::InvalidArgumentError("the vocabulary has no such command");
  }
  return command->run == nullptr ? OnPollers(step) : OnChannel(*command, step);
}

absl::Status Runner::OnChannel(const Command& command, const Step& step) {
  if (IsHeardByAll(step)) return RunOnChannel(command, step);
  const absl::StatusOr<Snapshot> before = LookAtRest(WatchedFds());
  if (!before.ok()) return before.status();
  if (absl::Status done = RunOnChannel(command, step); !done.ok()) return done;
  const absl::StatusOr<Snapshot> after = LookAtRest(WatchedFds());
  if (!after.ok()) return after.status();
  TellJudgesOfRise(step, *before, *after);
  return absl::OkStatus();
}

bool Runner::IsHeardByAll(const Step& step) const {
  return std::all_of(
      entrants_.begin(), entrants_.end(), [&](const auto& entrant) {
        return MadeReadyInSilence(entrant->contender, world_, step).empty();
      });
}

absl::Status Runner::RunOnChannel(const Command& command, const Step& step) {
  const absl::StatusOr<bool> done = world_.Run(command, step);
  TellJudgesOfClosed();
  if (absl::IsDeadlineExceeded(done.status()) && AnyAsleep()) {
    // What was removed and closed must be gone, no matter who sleeps.
    return absl::InternalError(absl::StrCat(
        "a poller that sleeps holds on to a file: ", done.status().message()));
  }
  if (!done.ok()) return done.status();
  if (*done && step.verb() == "replace") {
    absl::StatusOr<int> fd = world_.Number(step.word(1));
    if (!fd.ok()) return fd.status();
    for (auto& entrant : entrants_) entrant->judge.OnLost(*fd);
  }
  return absl::OkStatus();
}

void Runner::TellJudgesOfClosed() {
  for (auto& entrant : entrants_) {
    std::vector<int> closed;
    for (const auto& [fd, registration] : entrant->judge.registrations()) {
      if (!world_.IsOpen(registration.name)) closed.push_back(fd);
    }
    for (int fd : closed) entrant->judge.OnLost(fd);
  }
}

void Runner::TellJudgesOfRise(const Step& step, const Snapshot& before,
                              const Snapshot& after) {
  for (auto& entrant : entrants_) {
    const Interest silent =
        MadeReadyInSilence(entrant->contender, world_, step);
    for (const auto& [fd, now] : after) {
      const Interest risen = (now.ready - before.at(fd).ready) & silent;
      entrant->judge.OnUnannounced(fd, risen);
    }
  }
}

void Runner::TellJudgesOfFullTerminals(const Snapshot& truth) {
  if (!world_.uses_terminals()) return;
  for (const auto& [fd, now] : truth) {
    const Interest silent = WillBeReadyInSilence(fd, now);
    for (auto& entrant : entrants_) entrant->judge.OnUnannounced(fd, silent);
  }
}

absl::Status Runner::LookForFullTerminals() {
  if (!world_.uses_terminals()) return absl::OkStatus();
  const absl::StatusOr<Snapshot> truth = Look(WatchedFds());
  if (truth.ok()) TellJudgesOfFullTerminals(*truth);
  return truth.status();
}

absl::Status Runner::OnPollers(const Step& step) {
  const std::string& verb = step.verb();
  if (verb == "watch") return Watch(step);
  if (verb == "modify") return Modify(step);
  if (verb == "set") return Set(step);
  if (verb == "remove") return Remove(step);
  if (verb == "wakeup") return Wakeup();
  if (verb == "waits") return Waits(step);
  if (verb == "sleep") return Sleep();
  if (verb == "dwell") return Dwell(absl::Milliseconds(step.number(1)));
  if (verb == "rouse") return Rouse();
  return Wait(step.has_word(1) ? step.number(1) : RoomForAll());
}

absl::StatusOr<Registration> Runner::RegistrationOf(const Step& step) {
  absl::StatusOr<int> fd = world_.Number(step.word(1));
  if (!fd.ok()) return fd.status();
  Registration registration;
  // The number may be another's by now.
  registration.name = world_.NameOf(*fd);
  registration.lost = registration.name.empty();
  if (registration.lost) registration.name = step.word(1);
  registration.fd = *fd;
  registration.interest = step.interest(2);
  registration.trigger = step.has_word(3) ? Trigger::kOneShot : Trigger::kLevel;
  registration.token = next_token_++;
  if (world_.uses_terminals()) {
    // It may have room by the time that the poller has looked.
    const absl::StatusOr<Snapshot> truth = Look({*fd});
    if (!truth.ok()) return truth.status();
    registration.unannounced = WillBeReadyInSilence(*fd, truth->at(*fd));
  }
  return registration;
}

absl::Status Runner::Watch(const Step& step) {
  absl::StatusOr<Registration> with = RegistrationOf(step);
  if (!with.ok()) return with.status();
  for (auto& entrant : entrants_) {
    const absl::Status said = entrant->poller->Add(with->fd, with->interest,
                                                   with->token, with->trigger);
    absl::Status verdict = entrant->judge.OnAdd(*with, said);
    if (!verdict.ok()) return verdict;
  }
  return absl::OkStatus();
}

absl::Status Runner::Modify(const Step& step) {
  absl::StatusOr<Registration> with = RegistrationOf(step);
  if (!with.ok()) return with.status();
  for (auto& entrant : entrants_) {
    const absl::Status said = entrant->poller->Modify(
        with->fd, with->interest, with->token, with->trigger);
    absl::Status verdict = entrant->judge.OnModify(*with, said);
    if (!verdict.ok()) return verdict;
  }
  return absl::OkStatus();
}

absl::Status Runner::Set(const Step& step) {
  absl::StatusOr<Registration> with = RegistrationOf(step);
  if (!with.ok()) return with.status();
  for (auto& entrant : entrants_) {
    const absl::Status said = entrant->poller->Set(with->fd, with->interest,
                                                   with->token, with->trigger);
    absl::Status verdict = entrant->judge.OnSet(*with, said);
    if (!verdict.ok()) return verdict;
  }
  return absl::OkStatus();
}

absl::Status Runner::Remove(const Step& step) {
  absl::StatusOr<int> fd = world_.Number(step.word(1));
  if (!fd.ok()) return fd.status();
  for (auto& entrant : entrants_) {
    absl::Status verdict =
        entrant->judge.OnRemove(*fd, entrant->poller->Remove(*fd));
    if (!verdict.ok()) return verdict;
  }
  return absl::OkStatus();
}

absl::Status Runner::Wait(size_t capacity) {
  if (AnyAsleep()) {
    return absl::FailedPreconditionError("pollers sleep; rouse them first");
  }
  if (capacity == 0) {
    return absl::InvalidArgumentError("a span of 0 has no room for events");
  }
  const std::vector<int> fds = WatchedFds();
  const absl::Time deadline = absl::Now() + patience_;
  while (absl::Now() < deadline) {
    absl::StatusOr<Snapshot> before = Look(fds);
    if (!before.ok()) return before.status();
    world_.AwaitWakeUps();
    std::vector<Waited> waits;
    for (auto& entrant : entrants_) {
      waits.push_back(LookOnce(*entrant->poller, capacity));
      Trace(*entrant, waits.back());
    }
    absl::StatusOr<Snapshot> after = Look(fds);
    if (!after.ok()) return after.status();
    Trace(*after);
    const bool settled = *before == *after;
    for (size_t i = 0; i < entrants_.size(); ++i) {
      Judge& judge = entrants_[i]->judge;
      absl::Status verdict = settled ? judge.OnWait(waits[i], *after)
                                     : judge.OnUnsettledWait(waits[i]);
      if (!verdict.ok()) return verdict;
    }
    TellJudgesOfFullTerminals(*before);
    TellJudgesOfFullTerminals(*after);
    if (settled) return absl::OkStatus();
  }
  return absl::DeadlineExceededError(
      "the descriptors' states do not come to rest");
}

absl::Status Runner::Waits(const Step& step) {
  for (uint64_t i = 0; i < step.number(1); ++i) {
    const size_t room = step.has_word(2) ? step.number(2) : RoomForAll();
    if (absl::Status done = Wait(room); !done.ok()) return done;
  }
  return absl::OkStatus();
}

absl::Status Runner::Wakeup() {
  for (auto& entrant : entrants_) {
    entrant->poller->Wakeup();
    entrant->judge.OnWakeup();
  }
  return absl::OkStatus();
}

absl::Status Runner::Sleep() {
  if (AnyAsleep()) {
    return absl::FailedPreconditionError("pollers sleep; rouse them first");
  }
  absl::StatusOr<Snapshot> truth = LookAtRest(WatchedFds());
  if (!truth.ok()) return truth.status();
  asleep_in_ = *std::move(truth);
  for (auto& entrant : entrants_) {
    entrant->sleeper =
        std::make_unique<Sleeper>(*entrant->poller, RoomForAll());
  }
  for (auto& entrant : entrants_) entrant->sleeper->AwaitAsleep();
  return absl::OkStatus();
}

absl::Status Runner::Dwell(absl::Duration duration) {
  const absl::Time begin = absl::Now();
  std::vector<ThreadUsage> before;
  for (auto& entrant : entrants_) {
    before.push_back(entrant->sleeper ? entrant->sleeper->usage()
                                      : ThreadUsage());
  }
  absl::SleepFor(duration);
  for (size_t i = 0; i < entrants_.size(); ++i) {
    Entrant& entrant = *entrants_[i];
    if (!entrant.sleeper || entrant.sleeper->HasReturned()) continue;
    const ThreadUsage after = entrant.sleeper->usage();
    const int64_t sleeps = after.sleeps - before[i].sleeps;
    const absl::Duration cpu = after.cpu - before[i].cpu;
    // Longer than `duration` on a busy machine.
    const absl::Duration passed = absl::Now() - begin;
    const double most_sleeps =
        kFirstSleeps + kSleepsPerSecond * absl::ToDoubleSeconds(passed);
    // Who spins over calls that cost another process the time is not asleep.
    if (static_cast<double>(sleeps) > most_sleeps || cpu > passed / 5 ||
        !entrant.sleeper->AwaitAsleep()) {
      return absl::InternalError(absl::StrCat(
          entrant.judge.name(), " spins: ", sleeps, " wake-ups and ",
          absl::FormatDuration(cpu), " of processor time in ",
          absl::FormatDuration(passed), ", with nothing to report"));
    }
  }
  return absl::OkStatus();
}

absl::Status Runner::Rouse() {
  // Those that ought to have come back have been judged after the last step.
  return AnyAsleep() ? Wakeup() : absl::OkStatus();
}

absl::Status Runner::CheckSleepers() {
  if (!AnyAsleep()) return absl::OkStatus();
  // Those that the step has interrupted sleep again. In the kernel they held
  // the files that they had gone to sleep with: one whose number was closed or
  // replaced has closed only now, which its peer hears.
  for (auto& entrant : entrants_) {
    if (entrant->sleeper) entrant->sleeper->AwaitAsleep();
  }
  absl::StatusOr<Snapshot> truth = LookAtRest(WatchedFds());
  if (!truth.ok()) return truth.status();
  for (auto& entrant : entrants_) {
    if (!entrant->sleeper) continue;
    const bool must_return = entrant->judge.WouldReport(*truth);
    if (!must_return && !entrant->sleeper->HasReturned()) continue;
    if (absl::Status verdict = Join(*entrant, *truth); !verdict.ok()) {
      return verdict;
    }
  }
  asleep_in_ = *std::move(truth);
  return absl::OkStatus();
}

absl::Status Runner::Join(Entrant& entrant, const Snapshot& truth) {
  if (!entrant.sleeper->AwaitReturn(patience_)) {
    return entrant.judge.OnOversleeping(truth);
  }
  Waited waited = entrant.sleeper->waited();
  waited.earlier = asleep_in_;
  entrant.sleeper.reset();
  Trace(entrant, waited);
  // What comes by itself, such as a timer's end, may have come in between.
  absl::StatusOr<Snapshot> after = LookAtRest(WatchedFds());
  if (!after.ok()) return after.status();
  if (*after != truth) return entrant.judge.OnUnsettledWait(waited);
  if (waited.result.ok() && waited.result->count == 0 &&
      !waited.result->woken) {
    return absl::InternalError(absl::StrCat(
        entrant.judge.name(), " ended an infinite Wait with nothing"));
  }
  const absl::Status verdict = entrant.judge.OnWait(waited, truth);
  // One that was full may have room by the time of the next look.
  TellJudgesOfFullTerminals(truth);
  return verdict;
}

bool Runner::AnyAsleep() const {
  return std::any_of(
      entrants_.begin(), entrants_.end(),
      [](const auto& entrant) { return entrant->sleeper != nullptr; });
}

std::vector<int> Runner::WatchedFds() const {
  std::set<int> fds;
  for (const auto& entrant : entrants_) {
    for (const auto& [fd, registration] : entrant->judge.registrations()) {
      fds.insert(fd);
    }
  }
  return {fds.begin(), fds.end()};
}

size_t Runner::RoomForAll() const {
  return std::max<size_t>(1, WatchedFds().size());
}

std::string Runner::NameOf(int fd) const {
  for (const auto& entrant : entrants_) {
    const auto found = entrant->judge.registrations().find(fd);
    if (found != entrant->judge.registrations().end()) {
      return found->second.name;
    }
  }
  return absl::StrCat("fd", fd);
}

void Runner::Trace(const Entrant& entrant, const Waited& waited) {
  if (trace_ == nullptr) return;
  *trace_ << "    " << entrant.judge.name() << ':';
  for (const Event& event : waited.events) {
    *trace_ << ' ' << NameOf(event.fd()) << '=' << AnswerFromEvent(event);
  }
  if (!waited.result.ok()) *trace_ << ' ' << waited.result.status();
  if (waited.result.ok() && waited.result->woken) *trace_ << " woken";
  *trace_ << '\n';
}

void Runner::Trace(const Snapshot& truth) {
  if (trace_ == nullptr) return;
  *trace_ << "    select(2):";
  for (const auto& [fd, answer] : truth) {
    *trace_ << ' ' << NameOf(fd) << '=' << answer;
  }
  *trace_ << '\n';
}

}  // namespace isopoll::tests
