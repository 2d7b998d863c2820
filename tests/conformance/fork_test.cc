// R15: a Poller belongs to the process that made it.

#include <fcntl.h>

#include <memory>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "absl/base/config.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
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
#include "tests/conformance/background_wait.h"
#include "tests/conformance/child_process.h"
#include "tests/conformance/descriptors.h"
#include "tests/conformance/kernel_expectations.h"
#include "tests/conformance/matchers.h"
#include "tests/conformance/poller_test_base.h"
#include "tests/support/poller_kind.h"
#include "tests/support/process_state.h"

namespace isopoll {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// ThreadSanitizer hears of no children but those of fork(3), and takes the
// parent's threads for theirs: then what ends an object seems to race.
#ifdef ABSL_HAVE_THREAD_SANITIZER
constexpr bool kIsMistaken = true;
#else
constexpr bool kIsMistaken = false;
#endif

// A kind of poller, and a way in which its process makes children.
class ForkTest : public testing::TestWithParam<
                     std::tuple<tests::PollerKind, tests::WayToFork>> {
 protected:
  ForkTest() {
    EXPECT_THAT(poller().Add(watched_.get(), kReadable, 1), IsOk());
  }

  static std::unique_ptr<Poller> New() {
    return NewPoller(std::get<0>(GetParam()));
  }
  Poller& poller() { return *poller_; }
  std::vector<Event> Look() { return isopoll::Look(poller()); }
  static std::vector<Event> Look(Poller& other) { return isopoll::Look(other); }

  static std::string RunInChild(absl::FunctionRef<std::string()> complaints) {
    return isopoll::RunInChild(complaints, std::get<1>(GetParam()).fork);
  }

  // Every call that gives a status.
  static std::vector<absl::Status> CallAll(Poller& poller, int watched,
                                           int other) {
    Event event;
    return {
        poller.Add(other, kReadable, 2),
        poller.Modify(watched, kWritable, 3),
        poller.Set(other, kReadable, 2),
        poller.Set(other, kNone, 2),
        poller.Remove(watched),
        poller.Wait(absl::MakeSpan(&event, 1), absl::ZeroDuration()).status()};
  }

  // Expects that nothing has changed for the poller of this process.
  void ExpectUnharmed() {
    EXPECT_EQ(poller().size(), 1u);
    EXPECT_THAT(Look(), ElementsAre(EventIs(watched_.get(), 1, kReadable)));
    Drain(watched_.get());
    ExpectQuiet(poller(), absl::Milliseconds(50));
    Write(watched_.peer.get());
    EXPECT_THAT(Look(), ElementsAre(EventIs(watched_.get(), 1, kReadable)));
    EXPECT_THAT(poller().Remove(watched_.get()), IsOk());
    EXPECT_THAT(Look(), IsEmpty());
  }

  const std::unique_ptr<Poller> poller_ = New();
  Ends watched_ = NewReadablePipe();
  Ends other_ = NewReadablePipe();
};

TEST_P(ForkTest, CallsFailInTheChild) {
  EXPECT_EQ(RunInChild([&] {
              std::string wrong;
              for (const absl::Status& status :
                   CallAll(poller(), watched_.get(), other_.get())) {
                if (status.code() != absl::StatusCode::kFailedPrecondition) {
                  absl::StrAppend(&wrong, status.ToString(), "; ");
                }
              }
              return wrong;
            }),
            "");
  ExpectUnharmed();
}

TEST_P(ForkTest, WakeupInTheChildWakesNobody) {
  EXPECT_EQ(RunInChild([&] {
              poller().Wakeup();
              return std::string();
            }),
            "");
  ExpectUnharmed();
}

// One that came before the fork is the parent's alone.
TEST_P(ForkTest, WakeupBeforeForkStaysPending) {
  poller().Wakeup();
  EXPECT_EQ(
      RunInChild([&] {
        Event event;
        return std::string(
            poller().Wait(absl::MakeSpan(&event, 1), absl::ZeroDuration()).ok()
                ? "Wait worked"
                : "");
      }),
      "");
  EXPECT_TRUE(WaitOn(poller(), absl::ZeroDuration()).woken);
  ExpectUnharmed();
}

TEST_P(ForkTest, DestructionInTheChildHarmsNothing) {
  std::unique_ptr<Poller> shared = New();
  Ends pipe = NewReadablePipe();
  ASSERT_THAT(shared->Add(pipe.get(), kReadable, 5), IsOk());
  EXPECT_EQ(RunInChild([&] {
              shared.reset();
              return std::string();
            }),
            "");
  EXPECT_THAT(Look(*shared), ElementsAre(EventIs(pipe.get(), 5, kReadable)));
  shared->Wakeup();
  EXPECT_TRUE(WaitOn(*shared, absl::ZeroDuration()).woken);
  ExpectUnharmed();
}

// Another thread's Wait goes on in the parent, whatever the child does.
TEST_P(ForkTest, ForkDuringAWait) {
  Ends idle = NewPipe();
  std::unique_ptr<Poller> shared = New();
  ASSERT_THAT(shared->Add(idle.get(), kReadable, 5), IsOk());
  BackgroundWait wait(*shared);
  EXPECT_EQ(RunInChild([&] {
              const auto writes = tests::CurrentThreadWrites();
              shared->Wakeup();
              if (tests::CurrentThreadWrites() != writes) {
                return std::string("Wakeup wrote something");
              }
              const bool removed = shared->Remove(idle.get()).ok();
              if (!kIsMistaken) shared.reset();
              return std::string(removed ? "Remove worked" : "");
            }),
            "");
  wait.AwaitSleep();
  EXPECT_FALSE(wait.ended());
  Write(idle.peer.get());
  EXPECT_THAT(wait.Finish().events,
              ElementsAre(EventIs(idle.get(), 5, kReadable)));
}

// A child that closes what it inherited; epoll(7) keeps the parent's.
TEST_P(ForkTest, ClosingInTheChildHarmsNothing) {
  EXPECT_EQ(RunInChild([&] {
              watched_.fd.reset();
              return std::string();
            }),
            "");
  ExpectUnharmed();
}

TEST_P(ForkTest, ChildCanMakeItsOwn) {
  EXPECT_EQ(RunInChild([&] {
              const std::unique_ptr<Poller> own = New();
              if (!own->Add(other_.get(), kReadable, 7).ok())
                return "Add failed";
              if (Look(*own).size() != 1) return "no event";
              own->Wakeup();
              const bool woken = WaitOn(*own, absl::ZeroDuration()).woken;
              return woken ? "" : "not woken";
            }),
            "");
  ExpectUnharmed();
}

TEST_P(ForkTest, TheChildsOwnIsNeitherItsParentsNorItsChilds) {
  EXPECT_EQ(RunInChild([&] {
              const std::unique_ptr<Poller> own = New();
              if (poller().Set(other_.get(), kReadable, 2).ok()) {
                return std::string("took its parent's for its own");
              }
              return RunInChild([&] {
                return std::string(own->Set(other_.get(), kReadable, 2).ok()
                                       ? "its child took it for its own"
                                       : "");
              });
            }),
            "");
  ExpectUnharmed();
}

class OwnDescriptorsTest : public PollerTest {
 protected:
  Ends watched_ = NewReadablePipe();
  Ends other_ = NewReadablePipe();
};

TEST_P(OwnDescriptorsTest, DescriptorsAreCloseOnExec) {
  const std::set<int> before = tests::OpenDescriptors();
  const std::unique_ptr<Poller> other = New();
  ASSERT_THAT(other->Add(watched_.get(), kReadable, 1), IsOk());
  const UniqueFd file = NewRegularFile();
  ASSERT_THAT(other->Add(file.get(), kReadable, 2), IsOk());
  other->Wakeup();
  EXPECT_TRUE(WaitOn(*other, absl::ZeroDuration()).woken);
  int own = 0;
  for (int fd : tests::OpenDescriptors()) {
    if (before.count(fd) != 0 || fd == file.get()) continue;
    ++own;
    EXPECT_NE(::fcntl(fd, F_GETFD) & FD_CLOEXEC, 0) << fd;
  }
  EXPECT_GE(own, 1);  // what Wakeup writes to, if nothing else
}

TEST_P(OwnDescriptorsTest, DestructionClosesEverything) {
  const std::set<int> before = tests::OpenDescriptors();
  std::unique_ptr<Poller> other = New();
  ASSERT_THAT(other->Add(watched_.get(), kNeverOfReadEnd, 1), IsOk());
  EXPECT_THAT(Look(*other), IsEmpty());
  EXPECT_NE(tests::OpenDescriptors(), before);
  other.reset();
  EXPECT_EQ(tests::OpenDescriptors(), before);
}

// A file closed without Remove, but open elsewhere, can make a poller replace
// its descriptors: the new ones are no different.
TEST_P(OwnDescriptorsTest, ReplacedDescriptorsAreCloseOnExec) {
  const int number = other_.get();
  const std::set<int> before = tests::OpenDescriptors();
  std::unique_ptr<Poller> poller = New();
  ASSERT_THAT(poller->Add(number, kReadable, 1), IsOk());
  UniqueFd lives_on = DuplicateFrom(number);
  other_.fd.reset();
  ASSERT_THAT(poller->Remove(number), IsOk());
  EXPECT_THAT(Look(*poller), IsEmpty());
  for (int fd : tests::OpenDescriptors()) {
    if (before.count(fd) != 0 || fd == lives_on.get()) continue;
    EXPECT_NE(::fcntl(fd, F_GETFD) & FD_CLOEXEC, 0) << fd;
  }
}

// The same words from every backend. The children say them one by one.
TEST(ForkErrorTest, CallsFailInTheSameWords) {
  std::vector<std::string> words;
  for (const tests::PollerKind& kind : tests::AllKinds()) {
    const std::unique_ptr<Poller> poller = NewPoller(kind);
    Ends pipe = NewPipe();
    words.push_back(RunInChild([&] {
      Event event;
      return absl::StrCat(
          poller->Add(pipe.get(), kReadable, 1).ToString(), "\n",
          poller->Set(pipe.get(), kReadable, 1).ToString(), "\n",
          poller->Remove(pipe.get()).ToString(), "\n",
          poller->Wait(absl::MakeSpan(&event, 1), absl::ZeroDuration())
              .status()
              .ToString());
    }));
  }
  EXPECT_THAT(words, testing::Each(words.front()));
}

std::string ForkTestName(
    const testing::TestParamInfo<
        std::tuple<tests::PollerKind, tests::WayToFork>>& info) {
  const auto& [kind, way] = info.param;
  return absl::StrCat(tests::TestNameOf(kind), "_", way.name);
}

INSTANTIATE_TEST_SUITE_P(
    Conformance, ForkTest,
    testing::Combine(testing::ValuesIn(tests::AllKinds()),
                     testing::ValuesIn(tests::WaysToFork())),
    ForkTestName);
ISOPOLL_ON_EVERY_KIND(OwnDescriptorsTest);

}  // namespace
}  // namespace isopoll
