// Wait is no cancellation point: see pthread_cancel(3).

#include <pthread.h>
#include <sys/types.h>
#include <unistd.h>

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/config.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "isopoll/event.h"
#include "isopoll/interest.h"
#include "isopoll/net/unique_fd.h"
#include "isopoll/poller.h"
#include "tests/conformance/child_process.h"
#include "tests/conformance/descriptors.h"
#include "tests/conformance/eventually.h"
#include "tests/conformance/matchers.h"
#include "tests/conformance/poller_test_base.h"
#include "tests/support/process_state.h"

namespace isopoll {
namespace {

// A thread that can be cancelled. What it is to do is followed by a
// cancellation point.
class Cancellable {
 public:
  explicit Cancellable(std::function<void()> action)
      : action_(std::move(action)) {
    EXPECT_EQ(::pthread_create(&thread_, nullptr, &Run, this), 0);
  }

  void AwaitSleep() const {
    EXPECT_TRUE(Eventually([&] {
      return done_ || (id_ != 0 && tests::IsAsleep(::getpid(), id_));
    }));
  }
  void Cancel() { EXPECT_EQ(::pthread_cancel(thread_), 0); }

  // Waits until it has ended, and returns what it did not do as it should.
  std::string Finish() {
    void* result = nullptr;
    EXPECT_EQ(::pthread_join(thread_, &result), 0);
    return absl::StrCat(done_ ? "" : "cancelled within; ",
                        result == PTHREAD_CANCELED ? "" : "not cancelled; ");
  }

 private:
  static void* Run(void* self) {
    auto& thread = *static_cast<Cancellable*>(self);
    thread.id_ = tests::CurrentThread();
    thread.action_();
    thread.done_ = true;
    ::pthread_testcancel();
    return nullptr;
  }

  const std::function<void()> action_;
  std::atomic<pid_t> id_ = 0;
  std::atomic<bool> done_ = false;
  pthread_t thread_;
};

// One Wait; what it should not have come to.
std::string Wait(Poller& poller, absl::Duration timeout, bool woken) {
  Event event;
  const absl::StatusOr<WaitResult> result =
      poller.Wait(absl::MakeSpan(&event, 1), timeout);
  if (!result.ok()) return absl::StrCat(result.status().ToString(), "; ");
  return result->woken == woken ? "" : "woken, or not; ";
}

// Looks in a thread that is being cancelled, with a Wakeup pending and one
// descriptor ready; what the next Wait should not have come to.
std::string AfterALookThatIsCancelled(Poller& poller) {
  Cancellable thread([&] {
    ::pthread_cancel(::pthread_self());
    Wait(poller, absl::ZeroDuration(), true);
  });
  const bool within = !thread.Finish().empty();
  Event event;
  const absl::StatusOr<WaitResult> after =
      poller.Wait(absl::MakeSpan(&event, 1), absl::Seconds(10));
  if (!after.ok()) return after.status().ToString();
  // The Wakeup was consumed by one of the two.
  return absl::StrCat(after->woken == within ? "" : "woken, or not; ",
                      event.token() == 7 ? "" : "no event; ");
}

class CancellationTest : public PollerTest {};

// In children, since one that is cancelled in the middle of a call may take the
// whole process with it.

TEST_P(CancellationTest, ASleepingWaitGoesOnUntilWakeup) {
  EXPECT_EQ(RunInChild([] {
              const std::unique_ptr<Poller> poller = New();
              std::string wrong;
              Cancellable thread([&] {
                wrong = Wait(*poller, absl::InfiniteDuration(), true);
              });
              thread.AwaitSleep();
              thread.Cancel();
              thread.AwaitSleep();
              poller->Wakeup();
              const std::string more = thread.Finish();
              return absl::StrCat(wrong, more);
            }),
            "");
}

// Nor is it one in any of the calls that the options make.
TEST_P(CancellationTest, APendingOneStaysPending) {
  EXPECT_EQ(RunInChild([] {
              PollerOptions options;
              options.check_closed = options.exact_hints = true;
              const std::unique_ptr<Poller> idle = New(options);
              const std::unique_ptr<Poller> ready = New(options);
              const Ends pipe = NewReadablePipe();
              EXPECT_THAT(idle->Add(pipe.get(), kPriority, 1), IsOk());
              EXPECT_THAT(ready->Add(pipe.get(), kReadable, 1), IsOk());
              std::string wrong;
              Cancellable thread([&] {
                ::pthread_cancel(::pthread_self());
                for (absl::Duration timeout :
                     {absl::Milliseconds(1), absl::Microseconds(1500)}) {
                  wrong += Wait(*idle, timeout, false);
                }
                wrong += Wait(*ready, absl::InfiniteDuration(), false);
              });
              const std::string more = thread.Finish();
              return absl::StrCat(wrong, more);
            }),
            "");
}

// A Wait of no time may be one: then the poller is as it was, and unlocked. A
// look at many may leave the lock to others meanwhile.
TEST_P(CancellationTest, ALookThatIsCancelledChangesNothing) {
#ifdef ABSL_HAVE_THREAD_SANITIZER
  GTEST_SKIP() << "ThreadSanitizer does not stand its own wrapper of a call "
                  "being unwound";
#endif
  for (const bool check_closed : {false, true}) {
    for (const int others : {0, 100}) {
      EXPECT_EQ(RunInChild([&] {
                  PollerOptions options;
                  options.check_closed = check_closed;
                  const std::unique_ptr<Poller> poller = New(options);
                  const Ends pipe = NewReadablePipe();
                  EXPECT_THAT(poller->Add(pipe.get(), kReadable, 7), IsOk());
                  std::vector<UniqueFd> parked;
                  for (int i = 0; i < others; ++i) {
                    parked.push_back(DuplicateFrom(pipe.get()));
                    EXPECT_THAT(poller->Add(parked.back().get(), kNone, 1),
                                IsOk());
                  }
                  poller->Wakeup();
                  return AfterALookThatIsCancelled(*poller);
                }),
                "")
          << check_closed << " " << others;
    }
  }
}

TEST_P(CancellationTest, WaitLeavesTheCancelStateAsItWas) {
  for (const absl::Duration timeout :
       {absl::ZeroDuration(), absl::Milliseconds(1)}) {
    for (const int state : {PTHREAD_CANCEL_DISABLE, PTHREAD_CANCEL_ENABLE}) {
      int before;
      ASSERT_EQ(::pthread_setcancelstate(state, &before), 0);
      WaitOn(poller(), timeout);
      int now;
      ASSERT_EQ(::pthread_setcancelstate(before, &now), 0);
      EXPECT_EQ(now, state) << timeout;
    }
  }
}

ISOPOLL_ON_EVERY_KIND(CancellationTest);

}  // namespace
}  // namespace isopoll
