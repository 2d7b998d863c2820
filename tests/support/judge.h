// Judge: holds one poller to the contract.

#ifndef ISOPOLL_TESTS_SUPPORT_JUDGE_H_
#define ISOPOLL_TESTS_SUPPORT_JUDGE_H_

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "isopoll/poller.h"
#include "tests/support/answer.h"
#include "tests/support/contender.h"
#include "tests/support/fairness.h"
#include "tests/support/ledger.h"
#include "tests/support/reference.h"

namespace isopoll::tests {

// What one Wait did.
struct Waited {
  absl::StatusOr<WaitResult> result = WaitResult();
  // As many as result->count says.
  std::vector<Event> events;
  // The size of the span.
  size_t capacity = 0;
  // Whether descriptors may have changed while it ran. Then what held before
  // the change is right too, and hints need not be complete.
  bool slept = false;
  // If it slept, what the reference said before the last change.
  Snapshot earlier;
};

// Keeps a ledger of what the poller was told, and compares what it says with
// what it ought to say. A verdict is OK or an Internal error that reads
// `epoll a=rw, select(2) a=r`: what the poller said, what is right.
class Judge {
 public:
  explicit Judge(const Contender& contender)
      : name_(contender.name),
        exact_hints_(contender.exact_hints),
        check_closed_(contender.check_closed),
        holds_files_(contender.holds_files) {}

  // How the poller answered a call; on success the ledger follows.
  absl::Status OnAdd(const Registration& registration,
                     const absl::Status& said);
  absl::Status OnModify(const Registration& registration,
                        const absl::Status& said);
  absl::Status OnSet(const Registration& registration,
                     const absl::Status& said);
  absl::Status OnRemove(int fd, const absl::Status& said);
  void OnWakeup() { wakeup_pending_ = true; }

  // The descriptor was closed, or its number now stands for another file: R12
  // says what holds until a Modify means the number as it is now.
  void OnLost(int fd) { ledger_.Lose(fd); }

  // `ready` of it comes, or came, without a word to those who wait: R1 lets the
  // poller miss it until Modify.
  void OnUnannounced(int fd, Interest ready) { ledger_.Doubt(fd, ready); }

  // One Wait, during which the reference said `truth` of every registered fd.
  absl::Status OnWait(const Waited& waited, const Snapshot& truth);

  // One Wait during which the reference changed: takes note of what it used
  // up, and judges only what must hold all the same.
  absl::Status OnUnsettledWait(const Waited& waited);

  // A sleeping Wait did not return though there was something to report.
  absl::Status OnOversleeping(const Snapshot& truth) const;

  // Whether a Wait would have anything to report, or must end for a Wakeup.
  bool WouldReport(const Snapshot& truth) const;

  const std::string& name() const { return name_; }
  const std::map<int, Registration>& registrations() const {
    return ledger_.registrations();
  }

 private:
  // By number, what was reported of it, once each and under its token.
  absl::Status Collect(const Waited& waited, std::map<int, Answer>& told) const;
  // What the poller ought to say of a registration.
  struct Due {
    Answer answer;
    // Directions of it that may be missing.
    Interest optional;
    // Whatever it says is right, under its token.
    bool anything = false;

    // Whether something must be said.
    bool certain() const {
      return !anything && (answer.closed || !(answer.ready - optional).empty());
    }
  };

  Due DueOf(const Registration& registration, const Snapshot& truth,
            bool slept) const;
  Due DueOfLost(const Registration& registration, const Answer& now,
                bool slept) const;
  bool Fits(const Answer& told, const Due& due, bool slept) const;
  bool MustEndSleep(const Registration& registration,
                    const Snapshot& truth) const;
  bool FittedEarlier(const Registration& registration, const Answer& told,
                     const Waited& waited) const;
  absl::Status Compare(const std::map<int, Answer>& told, const Waited& waited,
                       const Snapshot& truth);
  // Whether `told` events are enough for each to have its turn (R5).
  absl::Status CheckCount(size_t told, size_t ready, size_t certain,
                          size_t capacity) const;
  absl::Status CheckTurns(const std::map<int, Answer>& told,
                          const std::map<int, Interest>& ready,
                          const std::set<int>& certain, size_t capacity);
  void UseUp(const std::map<int, Answer>& told);
  // What `told` and `truth` say to the doubts there are.
  void Reconsider(const std::map<int, Answer>& told, const Snapshot& truth);
  // The answer to the call named `call` is `said`, and ought to be `due`.
  absl::Status CheckSaid(const char* call, const absl::Status& said,
                         std::optional<absl::StatusCode> due) const;
  absl::Status Blame(const std::string& what) const;

  std::string name_;
  bool exact_hints_;
  bool check_closed_;
  bool holds_files_;
  Ledger ledger_;
  Fairness fairness_;
  bool wakeup_pending_ = false;
};

// Whether `status` is a verdict, and not an inability to come to one.
inline bool IsDisagreement(const absl::Status& status) {
  return absl::IsInternal(status);
}

}  // namespace isopoll::tests

#endif  // ISOPOLL_TESTS_SUPPORT_JUDGE_H_
