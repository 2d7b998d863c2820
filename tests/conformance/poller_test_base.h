// The fixture of the conformance suite: every test of it runs once for each
// kind of poller: see tests/support/poller_kind.h.

#ifndef ISOPOLL_TESTS_CONFORMANCE_POLLER_TEST_BASE_H_
#define ISOPOLL_TESTS_CONFORMANCE_POLLER_TEST_BASE_H_

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "isopoll/event.h"
#include "isopoll/interest.h"
#include "isopoll/poller.h"
#include "tests/support/poller_kind.h"

namespace isopoll {

// All three directions.
inline constexpr Interest kAll = kReadable | kWritable | kPriority;

// The eight interests there are.
std::vector<Interest> EveryInterest();

// A Wait that went well.
struct Waited {
  std::vector<Event> events;
  bool woken = false;
  absl::Duration took;  // on the steady clock
};

// Calls Wait with room for `room` events. An error fails the test.
Waited WaitOn(Poller& poller, absl::Duration timeout, size_t room = 64);

// The events of one Wait that does not sleep and that nobody woke.
std::vector<Event> Look(Poller& poller, size_t room = 64);

// Expects one Wait of `duration` to last all of it, to report nothing, and to
// sleep nearly all the time: waking up at most 25 times a second, and hardly
// computing.
void ExpectQuiet(Poller& poller, absl::Duration duration);

// A new poller of `kind`; never null.
std::unique_ptr<Poller> NewPoller(const tests::PollerKind& kind,
                                  const PollerOptions& options = {});

class PollerTest : public testing::TestWithParam<tests::PollerKind> {
 protected:
  PollerTest() : poller_(NewPoller(GetParam())) {}

  // Lets other pollers, one of every kind, sleep through a hangup that nobody
  // asked for. An emulator (qemu) compiles what runs for the first time, and
  // that takes it longer than ExpectQuiet lets a Wait compute.
  static void SetUpTestSuite();

  // The one poller of most tests, with default options.
  Poller& poller() { return *poller_; }
  std::vector<Event> Look(size_t room = 64) { return Look(poller(), room); }

  // Another, of the same kind.
  static std::unique_ptr<Poller> New(const PollerOptions& options = {}) {
    return NewPoller(GetParam(), options);
  }
  static std::vector<Event> Look(Poller& other, size_t room = 64) {
    return isopoll::Look(other, room);
  }

  // Expects that a poller, whatever its options, reports of `fd` what select(2)
  // would that finds it in the state `ready`: for each of the eight interests
  // the intersection, or no event at all if that is empty.
  static void ExpectReady(int fd, Interest ready);

 private:
  std::unique_ptr<Poller> poller_;
};

// Names a test after its kind of poller.
std::string KindTestName(const testing::TestParamInfo<tests::PollerKind>& info);

// Runs the tests of `suite` on every kind of poller.
#define ISOPOLL_ON_EVERY_KIND(suite)                                      \
  INSTANTIATE_TEST_SUITE_P(Conformance, suite,                            \
                           testing::ValuesIn(isopoll::tests::AllKinds()), \
                           KindTestName)

}  // namespace isopoll

#endif  // ISOPOLL_TESTS_CONFORMANCE_POLLER_TEST_BASE_H_
