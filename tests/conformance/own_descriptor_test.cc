// A descriptor of the poller's own that somebody else closes: Wait says so, and
// nothing spins or blocks.

#include <fcntl.h>
#include <unistd.h>

#include <cstddef>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "isopoll/backend.h"
#include "isopoll/event.h"
#include "isopoll/interest.h"
#include "isopoll/net/unique_fd.h"
#include "isopoll/poller.h"
#include "tests/conformance/child_process.h"
#include "tests/conformance/descriptors.h"
#include "tests/conformance/eventually.h"
#include "tests/conformance/matchers.h"
#include "tests/conformance/poller_test_base.h"
#include "tests/support/background_call.h"
#include "tests/support/poller_kind.h"
#include "tests/support/process_state.h"

namespace isopoll {
namespace {

// A poller that watches an idle pipe, and its own descriptors.
struct Victim {
  explicit Victim(const tests::PollerKind& kind) {
    const std::set<int> before = tests::OpenDescriptors();
    poller = NewPoller(kind);
    for (int fd : tests::OpenDescriptors()) {
      if (before.count(fd) == 0) own.push_back(fd);
    }
    EXPECT_THAT(poller->Add(pipe.get(), kReadable, 1), IsOk());
  }

  absl::StatusOr<WaitResult> Wait(absl::Duration timeout) {
    Event event;
    return poller->Wait(absl::MakeSpan(&event, 1), timeout);
  }

  std::unique_ptr<Poller> poller;
  std::vector<int> own;
  Ends pipe = NewPipe();
};

bool SaysSo(const absl::Status& status) {
  return absl::IsInternal(status) &&
         absl::StrContains(status.message(), "own descriptor");
}

// Complains if `wait` is neither told of what has happened nor quiet.
std::string Complaint(const absl::StatusOr<WaitResult>& wait) {
  if (wait.ok() || SaysSo(wait.status())) return "";
  return absl::StrCat(wait.status().ToString(), "; ");
}

// Calls of Wait without and with sleep: each is told, or does not spin.
std::string WaitAlone(Victim& victim) {
  std::string wrong;
  const tests::ThreadUsage before = tests::CurrentThreadUsage();
  for (absl::Duration timeout :
       {absl::ZeroDuration(), absl::Milliseconds(200)}) {
    absl::StrAppend(&wrong, Complaint(victim.Wait(timeout)));
  }
  const absl::Duration cpu = tests::CurrentThreadUsage().cpu - before.cpu;
  if (cpu > absl::Milliseconds(30)) {
    absl::StrAppend(&wrong, "spun for ", absl::FormatDuration(cpu), "; ");
  }
  return wrong;
}

// Other threads that change registrations do not block.
std::string WaitWithChanges(Victim& victim) {
  const Ends other = NewPipe();
  std::thread changer([&] {
    for (int i = 0; i < 10; ++i) {
      victim.poller->Add(other.get(), kReadable, 2).IgnoreError();
      victim.poller->Remove(other.get()).IgnoreError();
    }
  });
  std::string wrong = WaitAlone(victim);
  changer.join();
  return wrong;
}

// Of those that have come since `before` (R15).
std::string NotClosedOnExec(const std::set<int>& before) {
  std::string wrong;
  for (const int fd : tests::OpenDescriptors()) {
    if (before.count(fd) == 0 && ::fcntl(fd, F_GETFD) != FD_CLOEXEC) {
      absl::StrAppend(&wrong, "fd ", fd, " outlives exec; ");
    }
  }
  return wrong;
}

// Two sleeps that a Wakeup ends. One of them says what has happened; the first
// may have begun before.
std::string WaitForWakeup(Victim& victim, int closed) {
  std::set<int> before = tests::OpenDescriptors();
  before.erase(closed);
  std::string wrong;
  bool told = false;
  for (int i = 0; i < 2; ++i) {
    absl::StatusOr<WaitResult> result = WaitResult();
    {
      const tests::BackgroundCall sleeper(
          [&] { result = victim.Wait(absl::InfiniteDuration()); });
      sleeper.AwaitSleep(kBound);
      if (i == 0) ::close(closed);
      victim.poller->Wakeup();
    }
    absl::StrAppend(&wrong, Complaint(result));
    told = told || !result.ok();
  }
  return absl::StrCat(wrong, NotClosedOnExec(before), told ? "" : "not told");
}

class OwnDescriptorTest : public testing::TestWithParam<tests::PollerKind> {
 protected:
  // Runs `test` in a child for each of a poller's descriptors, which it closes.
  using Test = std::string (*)(Victim& victim, int own);
  static void ForEach(Test test) {
    const size_t count = Victim(GetParam()).own.size();
    ASSERT_GE(count, 1u);
    for (size_t i = 0; i < count; ++i) {
      EXPECT_EQ(RunInChild([&] {
                  Victim victim(GetParam());
                  return test(victim, victim.own.at(i));
                }),
                "")
          << "descriptor " << i;
    }
  }
};

TEST_P(OwnDescriptorTest, ClosedBeforeAWait) {
  ForEach([](Victim& victim, int own) {
    ::close(own);
    return WaitWithChanges(victim);
  });
}

// poll and select show theirs to the kernel each time.
TEST_P(OwnDescriptorTest, IsSaidByEachWait) {
  if (GetParam().backend == Backend::kEpoll) {
    GTEST_SKIP() << "does without its wake-up's until there is one";
  }
  ForEach([](Victim& victim, int own) {
    ::close(own);
    std::string wrong;
    for (absl::Duration timeout : {absl::ZeroDuration(), absl::Milliseconds(50),
                                   absl::InfiniteDuration()}) {
      const absl::Status status = victim.Wait(timeout).status();
      if (!SaysSo(status)) absl::StrAppend(&wrong, status.ToString(), "; ");
    }
    return wrong;
  });
}

// poll and select cannot be woken then, as they hold the file by its number.
TEST_P(OwnDescriptorTest, ClosedDuringAWait) {
  if (GetParam().backend != Backend::kEpoll) GTEST_SKIP();
  ForEach(WaitForWakeup);
}

INSTANTIATE_TEST_SUITE_P(Conformance, OwnDescriptorTest,
                         testing::ValuesIn(tests::SupportedKinds()),
                         KindTestName);

}  // namespace
}  // namespace isopoll
