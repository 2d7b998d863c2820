// Runner: one scenario, any number of pollers, the same descriptors at the
// same moment.

#ifndef ISOPOLL_TESTS_SUPPORT_RUNNER_H_
#define ISOPOLL_TESTS_SUPPORT_RUNNER_H_

#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "isopoll/poller.h"
#include "tests/support/contender.h"
#include "tests/support/judge.h"
#include "tests/support/reference.h"
#include "tests/support/scenario.h"
#include "tests/support/sleeper.h"
#include "tests/support/step.h"
#include "tests/support/world.h"

namespace isopoll::tests {

struct RunOptions {
  // Where each step is printed, and what each poller said; null: nowhere.
  std::ostream* trace = nullptr;

  // How long to wait for what must happen before it is held to be missing.
  absl::Duration patience = absl::Seconds(10);
};

// Runs `scenario` in a world of its own with a poller of each contender. A
// disagreement (IsDisagreement) reads
//   after step 3 of "tcp a b; close b; wait": epoll a=rw, select(2) a=r
// and any other error says which step could not be done.
absl::Status RunScenario(const Scenario& scenario,
                         absl::Span<const Contender> contenders,
                         const RunOptions& options = {});

// Step by step, for those who choose the next step as they go. Used by one
// thread; pollers that `sleep` have threads of their own.
class Runner {
 public:
  static absl::StatusOr<std::unique_ptr<Runner>> Create(
      absl::Span<const Contender> contenders, const RunOptions& options = {});
  ~Runner();

  // Does `step`, which must be a step of a Scenario whose former steps were
  // done before. Errors as above. After one the Runner is of no more use.
  absl::Status Do(const Step& step);

  const World& world() const { return world_; }
  const std::vector<Step>& done() const { return done_; }

 private:
  // One poller, and what is kept about it.
  struct Entrant {
    explicit Entrant(const Contender& of) : contender(of), judge(of) {}

    const Contender contender;
    Judge judge;
    std::unique_ptr<Poller> poller;
    // While it sleeps in Wait. Ends before the poller does.
    std::unique_ptr<Sleeper> sleeper;
  };

  explicit Runner(const RunOptions& options)
      : trace_(options.trace),
        patience_(options.patience),
        world_(options.patience) {}

  absl::Status Perform(const Step& step);
  absl::Status OnChannel(const Command& command, const Step& step);
  absl::Status RunOnChannel(const Command& command, const Step& step);
  absl::Status OnPollers(const Step& step);
  absl::Status Watch(const Step& step);
  absl::Status Modify(const Step& step);
  absl::Status Set(const Step& step);
  absl::Status Remove(const Step& step);
  absl::Status Wait(size_t capacity);
  absl::Status Waits(const Step& step);
  absl::Status Wakeup();
  absl::Status Sleep();
  absl::Status Dwell(absl::Duration duration);
  absl::Status Rouse();

  absl::StatusOr<Registration> RegistrationOf(const Step& step);
  void TellJudgesOfClosed();
  // Of what became ready in silence, and of what will.
  void TellJudgesOfRise(const Step& step, const Snapshot& before,
                        const Snapshot& after);
  bool IsHeardByAll(const Step& step) const;
  void TellJudgesOfFullTerminals(const Snapshot& truth);
  absl::Status LookForFullTerminals();
  // Judges the sleepers that have something to report, and those that came
  // back though they have not.
  absl::Status CheckSleepers();
  absl::Status Join(Entrant& entrant, const Snapshot& truth);
  bool AnyAsleep() const;
  std::vector<int> WatchedFds() const;
  size_t RoomForAll() const;
  void Trace(const Entrant& entrant, const Waited& waited);
  void Trace(const Snapshot& truth);
  std::string NameOf(int fd) const;

  std::ostream* trace_;
  absl::Duration patience_;
  World world_;
  std::vector<std::unique_ptr<Entrant>> entrants_;
  std::vector<Step> done_;
  Token next_token_ = 1;
  // What the reference said when the pollers fell asleep, or after the last
  // step they slept through.
  Snapshot asleep_in_;
};

}  // namespace isopoll::tests

#endif  // ISOPOLL_TESTS_SUPPORT_RUNNER_H_
