// Witness: waits on a poller that other threads change, and checks each event
// against what they have told it.

#ifndef ISOPOLL_TESTS_STRESS_WITNESS_H_
#define ISOPOLL_TESTS_STRESS_WITNESS_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string_view>

#include "absl/types/span.h"
#include "isopoll/event.h"
#include "isopoll/poller.h"
#include "tests/stress/claim.h"

namespace isopoll::tests {

class Witness {
 public:
  // The numbers of the descriptors that are registered: so high that nothing
  // else gets them.
  static constexpr int kFirstNumber = 600;
  static constexpr int kNumbers = 96;

  Witness(Poller* poller, bool check_closed)
      : poller_(*poller), check_closed_(check_closed) {}

  // One Wait of any length, with any room, as `random` has it.
  void WaitOnce(std::mt19937& random);

  // No Wait that begins now may report this version of `number`, or an earlier
  // one (R11, R13, and R6 and R12 for the tokens).
  void SetGone(int number, uint32_t version) { Of(number).gone = version; }

  // The number is about to be closed without Remove, or was: this version and
  // earlier ones may be reported as closed.
  void SetClosed(int number, uint32_t version) { Of(number).closed = version; }

  // Whether this version was the last to be reported.
  bool LastReported(int number, uint32_t version) {
    return Of(number).reported == version;
  }

  // Fails the test; only the first few times, lest the log be endless.
  void Complain(std::string_view what);
  bool complained() const { return complaints_ > 0; }

  // Calls Wakeup. From any thread and signal handler.
  void Wake();

  // How many were there of each, so far.
  int64_t events() const { return events_; }
  int64_t wakeups() const { return wakeups_; }
  int64_t woken() const { return woken_; }

 private:
  struct History {
    std::atomic<uint32_t> gone = 0;
    std::atomic<uint32_t> closed = 0;
    std::atomic<uint32_t> reported = 0;
    std::atomic<uint32_t> fired =
        0;  // the last that a one-shot was reported of
  };
  using Versions = std::array<uint32_t, kNumbers>;

  History& Of(int number) {
    return histories_[static_cast<size_t>(number - kFirstNumber)];
  }
  Versions GoneVersions() const;
  void Check(absl::Span<const Event> events, const Versions& gone);
  void CheckOne(const Event& event, const Versions& gone);
  void CheckReady(const Event& event, const Claim& claim);

  Poller& poller_;
  const bool check_closed_;
  std::array<History, kNumbers> histories_;
  std::atomic<int> complaints_ = 0;
  std::atomic<int64_t> events_ = 0;
  std::atomic<int64_t> wakeups_ = 0;
  std::atomic<int64_t> woken_ = 0;
};

}  // namespace isopoll::tests

#endif  // ISOPOLL_TESTS_STRESS_WITNESS_H_
