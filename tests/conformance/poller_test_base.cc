#include "tests/conformance/poller_test_base.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "isopoll/event.h"
#include "isopoll/interest.h"
#include "isopoll/net/unique_fd.h"
#include "isopoll/poller.h"
#include "tests/conformance/descriptors.h"
#include "tests/conformance/eventually.h"
#include "tests/conformance/kernel_expectations.h"
#include "tests/conformance/matchers.h"
#include "tests/support/poller_kind.h"
#include "tests/support/process_state.h"

namespace isopoll {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr Token kToken = 0xfedcba9876543210;

// Expects one registered descriptor, watched for `asked`, to be reported as
// far as `ready` goes: by a Wait that may not sleep and by one that may.
void ExpectReport(Poller& poller, int fd, Interest asked, Interest ready) {
  SCOPED_TRACE(absl::StrCat("interest ", asked.ToString()));
  const Interest expected = ready & asked;
  if (expected.empty()) {
    EXPECT_THAT(Look(poller), IsEmpty());
    return;
  }
  ASSERT_THAT(Look(poller), ElementsAre(EventIs(fd, kToken, expected)));
  ASSERT_THAT(WaitOn(poller, kBound).events,
              ElementsAre(EventIs(fd, kToken, expected)));
}

// Every interest, come to by Modify and by Add.
void ExpectReports(Poller& poller, int fd, Interest ready) {
  ASSERT_THAT(poller.Add(fd, kNone, kToken), IsOk());
  for (Interest asked : EveryInterest()) {
    ASSERT_THAT(poller.Modify(fd, asked, kToken), IsOk());
    ExpectReport(poller, fd, asked, ready);
  }
  for (Interest asked : EveryInterest()) {
    ASSERT_THAT(poller.Remove(fd), IsOk());
    ASSERT_THAT(poller.Add(fd, asked, kToken), IsOk());
    ExpectReport(poller, fd, asked, ready);
  }
}

// Makes Abseil allocate what it keeps for each thread that waits for a lock. It
// maps memory for that, which ThreadSanitizer takes for a write that races with
// the thread that ends the wait. Before there are threads it cannot.
void PrepareMutexes() {
  absl::Mutex mutex;
  absl::MutexLock lock(&mutex);
  const bool never = false;
  mutex.AwaitWithTimeout(absl::Condition(&never), absl::ZeroDuration());
}

}  // namespace

std::vector<Interest> EveryInterest() {
  std::vector<Interest> all;
  for (uint8_t bits = 0; bits < 8; ++bits) {
    all.push_back(Interest::FromBits(bits));
  }
  return all;
}

Waited WaitOn(Poller& poller, absl::Duration timeout, size_t room) {
  Waited waited;
  waited.events.resize(room);
  const auto start = std::chrono::steady_clock::now();
  const absl::StatusOr<WaitResult> result =
      poller.Wait(absl::MakeSpan(waited.events), timeout);
  waited.took = absl::FromChrono(std::chrono::steady_clock::now() - start);
  EXPECT_THAT(result.status(), IsOk());
  waited.events.resize(result.ok() ? result->count : 0);
  waited.woken = result.ok() && result->woken;
  return waited;
}

std::vector<Event> Look(Poller& poller, size_t room) {
  Waited waited = WaitOn(poller, absl::ZeroDuration(), room);
  EXPECT_FALSE(waited.woken);
  return std::move(waited.events);
}

void ExpectQuiet(Poller& poller, absl::Duration duration) {
  const tests::ThreadUsage before = tests::CurrentThreadUsage();
  const Waited waited = WaitOn(poller, duration);
  const tests::ThreadUsage after = tests::CurrentThreadUsage();
  EXPECT_THAT(waited.events, IsEmpty());
  EXPECT_FALSE(waited.woken);
  EXPECT_GE(waited.took, duration);
  // Ten more than 25 a second: slices that grow from 1 ms to 50 ms begin with
  // six, and a lock may be contended.
  EXPECT_LE(after.sleeps - before.sleeps,
            25 * absl::ToDoubleSeconds(waited.took) + 10);
  // One that spins takes all of it, and of 80 ms no less than 20 beside three
  // others on its core. One that sleeps was seen to be charged 6 ms, and on
  // Windows two ticks of the clock.
  EXPECT_LE(after.cpu - before.cpu,
            waited.took / 50 + absl::Milliseconds(12) + kShortSleep);
}

std::unique_ptr<Poller> NewPoller(const tests::PollerKind& kind,
                                  const PollerOptions& options) {
  PrepareMutexes();
  return kind.create(options).value();
}

void PollerTest::SetUpTestSuite() {
  const UniqueFd pipe = NewHungUpPipe();
  for (const tests::PollerKind& kind : tests::AllKinds()) {
    for (bool both : {false, true}) {
      PollerOptions options;
      options.exact_hints = both;
      options.check_closed = both;
      const std::unique_ptr<Poller> poller = NewPoller(kind, options);
      ASSERT_THAT(poller->Add(pipe.get(), kNeverOfReadEnd, 1), IsOk());
      WaitOn(*poller, absl::Milliseconds(2));
    }
  }
}

void PollerTest::ExpectReady(int fd, Interest ready) {
  for (bool exact_hints : {false, true}) {
    for (bool check_closed : {false, true}) {
      SCOPED_TRACE(absl::StrCat("exact_hints ", exact_hints, ", check_closed ",
                                check_closed));
      PollerOptions options;
      options.exact_hints = exact_hints;
      options.check_closed = check_closed;
      ExpectReports(*New(options), fd, ready);
    }
  }
}

std::string KindTestName(
    const testing::TestParamInfo<tests::PollerKind>& info) {
  return tests::TestNameOf(info.param);
}

}  // namespace isopoll
