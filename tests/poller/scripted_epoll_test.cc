// The epoll backend on a kernel that follows a script: what a real one says too
// rarely for a test to wait for.

#include "tests/poller/scripted_epoll.h"

#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <set>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "isopoll/interest.h"
#include "isopoll/net/unique_fd.h"
#include "isopoll/poller.h"

namespace isopoll {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

struct Pair {
  UniqueFd fd, peer;
};

Pair NewSocketPair() {
  int fds[2];
  EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds), 0);
  return {UniqueFd(fds[0]), UniqueFd(fds[1])};
}

Pair NewReadablePair() {
  Pair pair = NewSocketPair();
  EXPECT_EQ(::write(pair.peer.get(), "x", 1), 1);
  return pair;
}

class ScriptedEpollTest : public testing::Test {
 protected:
  ScriptedEpollTest() {
    script = &script_;
    poller_ = *NewScriptedPoller(PollerOptions());
  }
  ~ScriptedEpollTest() override {
    poller_.reset();
    script = nullptr;
  }

  void Add(int fd, Interest interest) {
    ASSERT_TRUE(poller_->Add(fd, interest, 0).ok());
  }

  absl::StatusOr<std::vector<int>> Wait(absl::Duration timeout,
                                        size_t room = 16) {
    events_.assign(room, Event());
    const auto result = poller_->Wait(absl::MakeSpan(events_), timeout);
    if (!result.ok()) return result.status();
    woken_ = result->woken;
    std::vector<int> fds;
    for (size_t i = 0; i < result->count; ++i) fds.push_back(events_[i].fd());
    return fds;
  }
  std::vector<int> Look(size_t room = 16) {
    const auto fds = Wait(absl::ZeroDuration(), room);
    EXPECT_TRUE(fds.ok()) << fds.status();
    return fds.ok() ? *fds : std::vector<int>();
  }

  // Leaves a readable file in the kernel's set that no number names any more:
  // that was closed, while a copy lives on, and removed after it.
  void AddOrphan() {
    Pair pair = NewReadablePair();
    const int fd = pair.fd.get();
    Add(fd, kReadable);
    kept_.emplace_back(::dup(fd));
    kept_.push_back(std::move(pair.peer));
    pair.fd.reset();
    ASSERT_TRUE(poller_->Remove(fd).ok());
  }

  // Where nothing is ready.
  void ExpectNoSpin() {
    const int before = Waits();
    EXPECT_THAT(*Wait(absl::Milliseconds(20)), IsEmpty());
    EXPECT_LE(Waits() - before, 4);
  }

  int Waits() {
    return script_.made[Call::kWait] + script_.made[Call::kPwait2];
  }

  Script script_;
  std::unique_ptr<Poller> poller_;
  // What the last Wait said.
  std::vector<Event> events_;
  bool woken_ = false;
  std::vector<UniqueFd> kept_;
};

TEST_F(ScriptedEpollTest, WhatCallersDoWrongIsTold) {
  const Pair pair = NewReadablePair();
  EXPECT_THAT(poller_->Add(-1, kReadable, 0).message(), HasSubstr("negative"));
  for (const int fd : {0, pair.fd.get()}) {
    EXPECT_THAT(poller_->Add(fd, Interest::FromBits(0x80), 0).message(),
                HasSubstr("unknown bits"));
  }
  const int closed = ::dup(0);
  ::close(closed);
  EXPECT_THAT(poller_->Add(closed, kReadable, 0).message(),
              HasSubstr("not open for use"));
  EXPECT_EQ(poller_->Add(script_.wakeup, kReadable, 0).code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(Wait(absl::ZeroDuration(), /*room=*/0).status().message(),
              HasSubstr("room for at least one"));
  EXPECT_THAT(Wait(-absl::Seconds(1)).status().message(),
              HasSubstr("negative timeout"));
}

// ---- A timeout finer than a millisecond ----

class FineTimeoutTest : public ScriptedEpollTest,
                        public testing::WithParamInterface<int> {};

TEST_P(FineTimeoutTest, IsRoundedUpOnceWhereTheCallForItIsRefused) {
  script_.errors[Call::kPwait2] = {GetParam(), GetParam(), GetParam()};
  const absl::Time start = absl::Now();
  EXPECT_THAT(*Wait(absl::Microseconds(1500)), IsEmpty());
  EXPECT_GE(absl::Now() - start, absl::Microseconds(1500));
  EXPECT_EQ(script_.milliseconds, 2);
  EXPECT_EQ(Waits(), 2);
}

INSTANTIATE_TEST_SUITE_P(Errno, FineTimeoutTest,
                         testing::Values(ENOSYS, EPERM));

struct Sleep {
  absl::Duration timeout;
  Call call;
  int milliseconds;
};

class SleepTest : public ScriptedEpollTest,
                  public testing::WithParamInterface<Sleep> {};

// epoll_wait is quicker, and of a long time takes the whole milliseconds.
TEST_P(SleepTest, IsOneCall) {
  const Pair idle = NewSocketPair();
  Add(idle.fd.get(), kReadable);
  script_.meanwhile = [this] { poller_->Wakeup(); };
  EXPECT_THAT(*Wait(GetParam().timeout), IsEmpty());
  EXPECT_EQ(script_.made[GetParam().call], 1);
  EXPECT_EQ(Waits(), 1);
  EXPECT_EQ(script_.milliseconds, GetParam().milliseconds);
}

INSTANTIATE_TEST_SUITE_P(
    Timeout, SleepTest,
    testing::Values(
        Sleep{absl::Milliseconds(2), Call::kWait, 2},
        Sleep{absl::Microseconds(1500), Call::kPwait2, 0},
        Sleep{absl::Seconds(1) - absl::Microseconds(1), Call::kPwait2, 0},
        Sleep{absl::Seconds(1) + absl::Microseconds(1), Call::kWait, 1000},
        Sleep{absl::Seconds(7), Call::kWait, 7000},
        Sleep{absl::Hours(24 * 365), Call::kWait, 3600000},
        Sleep{absl::InfiniteDuration(), Call::kWait, -1}));

TEST_F(ScriptedEpollTest, AFineTimeoutFindsWhatIsReady) {
  const Pair pair = NewReadablePair();
  Add(pair.fd.get(), kReadable);
  script_.errors[Call::kPwait2] = {EINTR};
  EXPECT_THAT(*Wait(absl::Microseconds(1500)), ElementsAre(pair.fd.get()));
  EXPECT_EQ(script_.made[Call::kPwait2], 2);
  EXPECT_EQ(script_.made[Call::kWait], 0);
}

// ---- What the kernel refuses ----

TEST_F(ScriptedEpollTest, NoPollerWithoutASet) {
  const auto make = [](Call call, int error) {
    script->errors[call] = {error};
    return NewScriptedPoller(PollerOptions()).status().code();
  };
  EXPECT_EQ(make(Call::kCreate, EMFILE), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(make(Call::kAdd, ENOSPC), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(make(Call::kAdd, EBADF), absl::StatusCode::kInternal);
}

TEST_F(ScriptedEpollTest, WaitTellsWhatTheKernelHasAgainstIt) {
  for (const absl::Duration timeout :
       {absl::ZeroDuration(), absl::Milliseconds(1)}) {
    const auto wait = [&](int error) {
      // A look that takes no lock leaves it to one that does.
      script_.errors[Call::kWait] = {error, error};
      return Wait(timeout).status().code();
    };
    EXPECT_EQ(wait(EBADF), absl::StatusCode::kInternal);
    EXPECT_EQ(wait(EINVAL), absl::StatusCode::kInternal);
    EXPECT_EQ(wait(ENOMEM), absl::StatusCode::kResourceExhausted);
  }
}

// That the wake-up was closed is found among events, and is to be told when
// there are none.
TEST_F(ScriptedEpollTest, NoEventIsLostForAnError) {
  const Pair pair = NewReadablePair();
  const int fd = pair.fd.get();
  const epoll_event alarm = EventOf(-2, 0, EPOLLIN);
  for (const bool exact_hints : {false, true}) {
    PollerOptions options;
    options.exact_hints = exact_hints;
    poller_ = *NewScriptedPoller(options);
    Add(fd, kReadable);
    script_.found = {{EventOf(fd, 1, EPOLLIN), alarm}, {alarm}};
    EXPECT_THAT(Look(), ElementsAre(fd));
    EXPECT_EQ(Wait(absl::ZeroDuration()).status().code(),
              absl::StatusCode::kInternal);
  }
}

TEST_F(ScriptedEpollTest, NothingIsFoundByACallThatWasInterrupted) {
  const Pair pair = NewReadablePair();
  Add(pair.fd.get(), kReadable);
  EXPECT_THAT(Look(), ElementsAre(pair.fd.get()));
  char byte;
  ASSERT_EQ(::read(pair.fd.get(), &byte, 1), 1);
  script_.errors[Call::kWait] = {EINTR};
  const int before = Waits();
  EXPECT_THAT(*Wait(absl::Milliseconds(200)), IsEmpty());
  EXPECT_EQ(Waits() - before, 2);
  EXPECT_EQ(script_.made[Call::kCreate], 1);
}

// ---- A wake-up whose descriptor somebody else has closed ----

int OpenDescriptors() {
  int count = 0;
  for (int fd = 0; fd < 1024; ++fd) count += ::fcntl(fd, F_GETFD) != -1;
  return count;
}

TEST_F(ScriptedEpollTest, TheAlarmIsRaisedOnceAndLeavesNothing) {
  poller_.reset();
  const int before = OpenDescriptors();
  poller_ = *NewScriptedPoller(PollerOptions());
  // Something else has the number by now.
  UniqueFd other(::open("/dev/null", O_RDONLY));
  ASSERT_EQ(::dup2(other.get(), script_.wakeup), script_.wakeup);
  other.reset();
  script_.meanwhile = [this] {
    errno = ENOTTY;
    poller_->Wakeup();
    EXPECT_EQ(errno, ENOTTY);
  };
  EXPECT_TRUE(Wait(absl::Seconds(60)).ok());  // the wake-up is told first
  EXPECT_EQ(Wait(absl::Seconds(60)).status().code(),
            absl::StatusCode::kInternal);
  const int raised = OpenDescriptors();
  script_.meanwhile = [this] { poller_->Wakeup(); };
  EXPECT_TRUE(Wait(absl::Seconds(60)).ok());
  EXPECT_EQ(OpenDescriptors(), raised);
  poller_.reset();
  EXPECT_EQ(OpenDescriptors(), before);
}

TEST_F(ScriptedEpollTest, AnAlarmThatFailsLeavesErrnoAlone) {
  const UniqueFd other(::open("/dev/null", O_RDONLY));
  ASSERT_EQ(::dup2(other.get(), script_.wakeup), script_.wakeup);
  script_.errors[Call::kEventfd] = {EMFILE};
  script_.meanwhile = [this] {
    errno = ENOTTY;
    poller_->Wakeup();
    EXPECT_EQ(errno, ENOTTY);
  };
  EXPECT_TRUE(Wait(absl::Milliseconds(5)).ok());
  EXPECT_TRUE(woken_);
}

// ---- A set that is started again ----

TEST_F(ScriptedEpollTest, WhatASetStartedAnewRefusesIsAddedLater) {
  AddOrphan();  // found first
  const Pair pair = NewReadablePair();
  Add(pair.fd.get(), kReadable);
  // The wake-up's comes first, in each of the two sets that are tried.
  script_.errors[Call::kAdd] = {0, ENOSPC, 0};
  EXPECT_THAT(Look(), ElementsAre(pair.fd.get()));
}

class RefusedForLongTest : public ScriptedEpollTest,
                           public testing::WithParamInterface<int> {};

TEST_P(RefusedForLongTest, IsToldAndNotLost) {
  AddOrphan();  // found first
  const Pair pair = NewReadablePair();
  Add(pair.fd.get(), kReadable);
  script_.errors[Call::kAdd] = {0, GetParam(), GetParam(), 0};
  script_.errors[Call::kAdd].insert(script_.errors[Call::kAdd].end(), 8,
                                    GetParam());
  EXPECT_EQ(Wait(absl::InfiniteDuration()).status().code(),
            absl::StatusCode::kResourceExhausted);
  script_.errors.clear();
  EXPECT_THAT(Look(), ElementsAre(pair.fd.get()));
}

INSTANTIATE_TEST_SUITE_P(Errno, RefusedForLongTest,
                         testing::Values(ENOSPC, ENOMEM));

TEST_F(ScriptedEpollTest, WithoutADescriptorTheOldSetGivesItsOwn) {
  AddOrphan();  // found first
  const Pair pair = NewReadablePair();
  Add(pair.fd.get(), kReadable);
  script_.errors[Call::kCreate] = {EMFILE};
  const int before = OpenDescriptors();
  int then = 0;
  script_.on_create = [&] { then = OpenDescriptors(); };
  EXPECT_THAT(Look(), ElementsAre(pair.fd.get()));
  EXPECT_EQ(then, before - 1);
  EXPECT_EQ(OpenDescriptors(), before);
}

// What is registered for nothing is in no set.
TEST_F(ScriptedEpollTest, OnlyWhatIsWatchedIsInASetStartedAnew) {
  const Pair pair = NewReadablePair();
  const Pair idle = NewReadablePair();
  Add(pair.fd.get(), kReadable);
  Add(idle.fd.get(), kNone);
  AddOrphan();
  const int before = script_.made[Call::kAdd];
  EXPECT_THAT(Look(), ElementsAre(pair.fd.get()));
  EXPECT_EQ(script_.made[Call::kAdd] - before, 2);  // the wake-up is one
}

TEST_F(ScriptedEpollTest, ANumberThatIsClosedIsInNoSetStartedAnew) {
  const Pair pair = NewReadablePair();
  Pair closed = NewReadablePair();
  Add(pair.fd.get(), kReadable);
  Add(closed.fd.get(), kReadable);
  AddOrphan();
  closed.fd.reset();
  EXPECT_THAT(Look(), ElementsAre(pair.fd.get()));
  EXPECT_EQ(script_.made[Call::kCreate], 2);
  EXPECT_EQ(script_.made[Call::kDup3], 1);
  EXPECT_THAT(Look(), ElementsAre(pair.fd.get()));
}

// R5: what was not reported for longest comes first.
TEST_F(ScriptedEpollTest, ASetStartedAnewKeepsTheTurns) {
  const Pair first = NewReadablePair();
  Add(first.fd.get(), kReadable);
  AddOrphan();
  const Pair second = NewReadablePair();
  Add(second.fd.get(), kReadable);
  EXPECT_THAT(Look(/*room=*/1), ElementsAre(first.fd.get()));
  EXPECT_THAT(Look(/*room=*/1), ElementsAre(second.fd.get()));
  EXPECT_EQ(script_.made[Call::kCreate], 2);
}

TEST_F(ScriptedEpollTest, WithoutAnySetEachCallSaysSoUntilThereIsOne) {
  AddOrphan();  // found first
  const Pair pair = NewReadablePair();
  const Pair other = NewReadablePair();
  Add(pair.fd.get(), kReadable);
  script_.errors[Call::kCreate] = {EMFILE, EMFILE, EMFILE, EMFILE};
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(Wait(absl::InfiniteDuration()).status().code(),
              absl::StatusCode::kResourceExhausted);
    EXPECT_EQ(poller_->Add(other.fd.get(), kReadable, 0).code(),
              absl::StatusCode::kResourceExhausted);
  }
  EXPECT_THAT(Look(), ElementsAre(pair.fd.get()));
  Add(other.fd.get(), kReadable);
  EXPECT_EQ(Look().size(), 2u);
}

TEST_F(ScriptedEpollTest, KeepsItsNumberWhereItCan) {
  const Pair pair = NewReadablePair();
  Add(pair.fd.get(), kReadable);
  AddOrphan();
  script_.errors[Call::kDup3] = {EBUSY};
  EXPECT_THAT(Look(), ElementsAre(pair.fd.get()));
  AddOrphan();
  script_.errors.clear();
  EXPECT_THAT(Look(), ElementsAre(pair.fd.get()));
  EXPECT_EQ(script_.made[Call::kDup3], 2);
}

// ---- What reports ----

TEST_F(ScriptedEpollTest, WhatIsAskedForOnceIsNotAddedAnew) {
  const Pair pair = NewReadablePair();
  ASSERT_TRUE(
      poller_->Add(pair.fd.get(), kReadable, 0, Trigger::kOneShot).ok());
  for (int i = 0; i < 3; ++i) {
    EXPECT_THAT(Look(), ElementsAre(pair.fd.get()));
    ASSERT_TRUE(
        poller_->Modify(pair.fd.get(), kReadable, 0, Trigger::kOneShot).ok());
  }
  EXPECT_EQ(script_.made[Call::kDelete], 0);
}

TEST_F(ScriptedEpollTest, HintsAreWhatTheKernelSays) {
  Pair pair = NewSocketPair();
  Add(pair.fd.get(), kReadable);
  ASSERT_EQ(::shutdown(pair.peer.get(), SHUT_WR), 0);
  EXPECT_THAT(Look(), ElementsAre(pair.fd.get()));
  EXPECT_TRUE(events_[0].read_closed());
  EXPECT_FALSE(events_[0].hangup());
  pair.peer.reset();
  EXPECT_THAT(Look(), ElementsAre(pair.fd.get()));
  EXPECT_TRUE(events_[0].read_closed());
  EXPECT_TRUE(events_[0].hangup());
  EXPECT_FALSE(events_[0].error());
  // So they are beside a file, which the kernel does not watch.
  const UniqueFd file(::open("/dev/null", O_RDONLY));
  Add(file.get(), kPriority);
  EXPECT_THAT(Look(), ElementsAre(pair.fd.get()));
  EXPECT_TRUE(events_[0].hangup());
}

// Only of the number's own file may it be said that it is muted.
TEST_F(ScriptedEpollTest, WhatCannotBeMutedIsNotTheNumbersFile) {
  Pair pair = NewSocketPair();
  Add(pair.fd.get(), kPriority);
  pair.peer.reset();
  script_.errors[Call::kModify] = {ENOENT};
  EXPECT_THAT(Look(), IsEmpty());
  EXPECT_EQ(script_.made[Call::kCreate], 2);
  ExpectNoSpin();
}

// A set started again has nothing muted in it.
TEST_F(ScriptedEpollTest, WhatWasMutedIsMutedAgainInASetStartedAnew) {
  Pair pair = NewSocketPair();
  Add(pair.fd.get(), kPriority);
  pair.peer.reset();
  EXPECT_THAT(Look(), IsEmpty());
  AddOrphan();
  EXPECT_THAT(Look(), IsEmpty());
  EXPECT_THAT(Look(), IsEmpty());
  ExpectNoSpin();
}

// The wake-up has taken the one place that there is.
TEST_F(ScriptedEpollTest, LooksAgainWhenTheWakeUpTookAPlace) {
  const Pair pair = NewReadablePair();
  Add(pair.fd.get(), kReadable);
  script_.found = {{WakeupEvent()}};
  EXPECT_THAT(Look(/*room=*/1), ElementsAre(pair.fd.get()));
  EXPECT_EQ(script_.made[Call::kCreate], 1);
}

TEST_F(ScriptedEpollTest, TheWakeUpMayComeBetweenOthers) {
  const Pair one = NewReadablePair();
  const Pair other = NewReadablePair();
  Add(one.fd.get(), kReadable);
  Add(other.fd.get(), kReadable);
  script_.found = {{EventOf(one.fd.get(), 1, EPOLLIN), WakeupEvent(),
                    EventOf(other.fd.get(), 2, EPOLLIN)}};
  EXPECT_THAT(Look(), ElementsAre(one.fd.get(), other.fd.get()));
}

TEST_F(ScriptedEpollTest, AsksForAsManyAsThereAreOrFit) {
  const Pair pairs[] = {NewReadablePair(), NewReadablePair(),
                        NewReadablePair()};
  for (const Pair& pair : pairs) Add(pair.fd.get(), kReadable);
  EXPECT_EQ(Look(/*room=*/1).size(), 1u);
  EXPECT_EQ(script_.room, 1);
  EXPECT_EQ(Wait(absl::InfiniteDuration(), /*room=*/16)->size(), 3u);
  EXPECT_EQ(script_.room, 4);  // and the wake-up
}

TEST_F(ScriptedEpollTest, WhatASleeperSeesDoesNotWakeIt) {
  const Pair pair = NewSocketPair();
  script_.meanwhile = [&] {
    Add(pair.fd.get(), kReadable);
    EXPECT_TRUE(poller_->Modify(pair.fd.get(), kPriority, 0).ok());
  };
  EXPECT_THAT(*Wait(absl::Milliseconds(20)), IsEmpty());
  EXPECT_EQ(Waits(), 1);
}

// The kernel's answer is about what was asked before the change.
TEST_F(ScriptedEpollTest, WhatWasModifiedMeanwhileIsLookedAtAgain) {
  const Pair pair = NewSocketPair();
  Add(pair.fd.get(), kReadable);
  script_.found = {{EventOf(pair.fd.get(), 1, EPOLLIN)}};
  script_.meanwhile = [&] {
    EXPECT_TRUE(poller_->Modify(pair.fd.get(), kReadable, 1).ok());
  };
  EXPECT_THAT(*Wait(absl::Milliseconds(5)), IsEmpty());
}

TEST_F(ScriptedEpollTest, AChangeThatIsUndoneIsNotTold) {
  const Pair pair = NewSocketPair();
  const int fd = pair.fd.get();
  Add(fd, kReadable);
  // It may be another file's number by now.
  ASSERT_TRUE(poller_->Modify(fd, kReadable, 0).ok());
  Look();
  EXPECT_EQ(script_.made[Call::kModify], 1);
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(poller_->Modify(fd, kPriority, 0).ok());
  }
  ASSERT_TRUE(poller_->Modify(fd, kReadable, 0).ok());
  Look();
  EXPECT_EQ(script_.made[Call::kModify], 1);
}

TEST_F(ScriptedEpollTest, WhatIsParkedTwiceIsToldOnceWhenItIsNot) {
  const Pair pair = NewSocketPair();
  Add(pair.fd.get(), kNone);
  for (const Interest interest : {kNone, kReadable}) {
    ASSERT_TRUE(poller_->Modify(pair.fd.get(), interest, 0).ok());
  }
  Look();
  EXPECT_EQ(script_.made[Call::kModify], 0);
}

// A round that is to look again anyway may find that the kernel has room.
TEST_F(ScriptedEpollTest, WhatIsRefusedOnceIsNotTold) {
  const Pair pair = NewReadablePair();
  const int fd = pair.fd.get();
  Add(fd, kReadable);
  // In the first round,
  ASSERT_TRUE(poller_->Modify(fd, kReadable, 0).ok());
  script_.errors[Call::kModify] = {ENOMEM};
  script_.found = {{WakeupEvent()}};
  EXPECT_THAT(Look(/*room=*/1), ElementsAre(fd));
  // and in the second: the first finds a file of before, and starts again.
  script_.errors[Call::kAdd] = {0, ENOSPC, ENOSPC};
  script_.found = {{EventOf(fd, 99, EPOLLIN)}, {WakeupEvent()}};
  EXPECT_THAT(Look(/*room=*/1), ElementsAre(fd));
}

TEST_F(ScriptedEpollTest, ModifyIsToldAtOnceOfWhatWasFoundClosed) {
  Pair pair = NewReadablePair();
  const Pair other = NewReadablePair();
  const int fd = pair.fd.get();
  Add(fd, kReadable);
  pair.fd.reset();
  ASSERT_TRUE(poller_->Modify(fd, kReadable, 0).ok());
  EXPECT_THAT(Look(), IsEmpty());
  ASSERT_TRUE(poller_->Modify(fd, kReadable, 0).ok());
  const int tried = script_.made[Call::kAdd];
  EXPECT_THAT(Look(), IsEmpty());
  EXPECT_EQ(script_.made[Call::kAdd], tried);  // not again
  pair.fd.reset(::dup2(other.fd.get(), fd));
  script_.errors[Call::kAdd] = {ENOSPC};
  EXPECT_EQ(poller_->Modify(fd, kReadable, 0).code(),
            absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(Look(), IsEmpty());
  ASSERT_TRUE(poller_->Modify(fd, kReadable, 0).ok());
  EXPECT_THAT(Look(), ElementsAre(fd));
}

// R18.
TEST_F(ScriptedEpollTest, ModifyOfWhatIsParkedIsToldAtOnceThatItIsRefused) {
  Pair pair = NewReadablePair();
  const int fd = pair.fd.get();
  Add(fd, kNone);
  script_.errors[Call::kAdd] = {ENOSPC};
  EXPECT_EQ(poller_->Modify(fd, kReadable, 0).code(),
            absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(Look(), IsEmpty());
  ASSERT_TRUE(poller_->Modify(fd, kReadable, 0).ok());
  EXPECT_THAT(Look(), ElementsAre(fd));
  // What the kernel reports is known.
  EXPECT_EQ(script_.made[Call::kCreate], 1);
  ASSERT_TRUE(poller_->Modify(fd, kNone, 0).ok());
  Look();
  pair.fd.reset();
  EXPECT_TRUE(poller_->Modify(fd, kReadable, 0).ok());
  EXPECT_THAT(Look(), IsEmpty());
}

TEST_F(ScriptedEpollTest, WhatIsNotWatchedIsRemovedWithoutACall) {
  const Pair pair = NewReadablePair();
  Add(pair.fd.get(), kNone);
  EXPECT_TRUE(poller_->Remove(pair.fd.get()).ok());
  EXPECT_EQ(script_.made[Call::kAdd], 1);  // the wake-up
  EXPECT_EQ(script_.made[Call::kDelete], 0);
}

// Zero is a number like others.
TEST_F(ScriptedEpollTest, NumberZeroIsReported) {
  const UniqueFd saved(::dup(0));
  const Pair pair = NewReadablePair();
  ASSERT_EQ(::dup2(pair.fd.get(), 0), 0);
  Add(0, kReadable);
  EXPECT_THAT(Look(), ElementsAre(0));
  ASSERT_TRUE(poller_->Modify(0, kReadable, 0, Trigger::kOneShot).ok());
  EXPECT_THAT(Look(), ElementsAre(0));
  EXPECT_TRUE(poller_->Remove(0).ok());
  saved ? ::dup2(saved.get(), 0) : ::close(0);
}

// ---- What is muted ----

TEST_F(ScriptedEpollTest, WhatIsModifiedIsMutedAgain) {
  Pair pair = NewSocketPair();
  Add(pair.fd.get(), kPriority);
  pair.peer.reset();
  EXPECT_THAT(Look(), IsEmpty());
  ASSERT_TRUE(poller_->Modify(pair.fd.get(), kPriority, 1).ok());
  EXPECT_THAT(Look(), IsEmpty());
  ExpectNoSpin();
}

// What is met again shows that all were met.
TEST_F(ScriptedEpollTest, OneThatIsMutedDoesNotKeepAWaitLooking) {
  const Pair pair = NewReadablePair();
  Pair muted = NewSocketPair();
  Add(pair.fd.get(), kReadable);
  Add(muted.fd.get(), kPriority);
  muted.peer.reset();
  EXPECT_THAT(Look(/*room=*/2), ElementsAre(pair.fd.get()));
  EXPECT_EQ(Waits(), 2);
}

// Its level is reported, not only the edge.
TEST_F(ScriptedEpollTest, WhatIsMutedIsUnmutedWhenItIsReported) {
  Pair muted = NewSocketPair();
  Add(muted.fd.get(), kPriority);
  muted.peer.reset();
  EXPECT_THAT(Look(), IsEmpty());
  EXPECT_EQ(script_.made[Call::kModify], 1);
  script_.found = {{EventOf(muted.fd.get(), 1, EPOLLPRI)}};
  EXPECT_THAT(Look(), ElementsAre(muted.fd.get()));
  EXPECT_EQ(script_.made[Call::kModify], 2);
}

// It is told by an edge, for which there is no room now.
TEST_F(ScriptedEpollTest, WhatIsMutedIsUnmutedWhereThereIsNoRoom) {
  const Pair pair = NewReadablePair();
  Pair muted = NewSocketPair();
  Add(pair.fd.get(), kReadable);
  Add(muted.fd.get(), kPriority);
  muted.peer.reset();
  EXPECT_THAT(Look(), ElementsAre(pair.fd.get()));
  script_.found = {{EventOf(pair.fd.get(), 1, EPOLLIN),
                    EventOf(muted.fd.get(), 2, EPOLLPRI)}};
  const int before = script_.made[Call::kModify];
  EXPECT_THAT(Look(/*room=*/1), ElementsAre(pair.fd.get()));
  EXPECT_EQ(script_.made[Call::kModify] - before, 1);
}

// ---- Numbers that are another file's by now (R12) ----

// The kernel is asked after 255 reports.
TEST_F(ScriptedEpollTest, ItIsAskedNowAndThenWhetherANumberIsTheFiles) {
  const Pair pair = NewReadablePair();
  Add(pair.fd.get(), kReadable);
  for (int i = 0; i < 255; ++i) {
    EXPECT_THAT(Look(), ElementsAre(pair.fd.get()));
  }
  EXPECT_EQ(script_.made[Call::kModify], 0);
  for (int i = 0; i < 255; ++i) {
    EXPECT_THAT(Look(), ElementsAre(pair.fd.get()));
  }
  EXPECT_EQ(script_.made[Call::kModify], 1);
  EXPECT_EQ(script_.made[Call::kCreate], 1);
}

TEST_F(ScriptedEpollTest, ModifyTakesTheFileThatTheNumberNames) {
  const Pair pair = NewSocketPair();
  const Pair other = NewReadablePair();
  const int fd = pair.fd.get();
  Add(fd, kReadable);
  ASSERT_EQ(::dup2(other.fd.get(), fd), fd);
  ASSERT_TRUE(poller_->Modify(fd, kReadable, 0).ok());
  EXPECT_THAT(Look(), ElementsAre(fd));
}

// Nothing may be said of the file that the number had before.
TEST_F(ScriptedEpollTest, ModifyThatIsRefusedLeavesNoOtherFile) {
  const Pair pair = NewReadablePair();
  const Pair other = NewReadablePair();
  const int fd = pair.fd.get();
  Add(fd, kReadable);
  const UniqueFd copy(::dup(fd));
  ASSERT_EQ(::dup2(other.fd.get(), fd), fd);
  ASSERT_TRUE(poller_->Modify(fd, kReadable, 0).ok());
  // The set is started again without the file, and so the wake-up added.
  script_.errors[Call::kAdd] = {ENOSPC, 0, ENOSPC};
  EXPECT_EQ(Wait(absl::ZeroDuration()).status().code(),
            absl::StatusCode::kResourceExhausted);
  script_.errors.clear();
  EXPECT_THAT(Look(), ElementsAre(fd));
}

TEST_F(ScriptedEpollTest, WhatIsRefusedIsWatchedNoMore) {
  const Pair pair = NewReadablePair();
  Add(pair.fd.get(), kReadable);
  script_.errors[Call::kModify] = {ENOMEM, ENOMEM};
  ASSERT_TRUE(poller_->Modify(pair.fd.get(), kReadable, 0).ok());
  EXPECT_EQ(Wait(absl::ZeroDuration()).status().code(),
            absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(script_.made[Call::kCreate], 1);
  EXPECT_THAT(Look(), ElementsAre(pair.fd.get()));
}

TEST_F(ScriptedEpollTest, AddTakesAFileThatTheKernelStillHas) {
  Pair pair = NewReadablePair();
  const int fd = pair.fd.get();
  Add(fd, kReadable);
  const UniqueFd copy(::dup(fd));
  pair.fd.reset();
  ASSERT_TRUE(poller_->Remove(fd).ok());
  pair.fd.reset(::dup2(copy.get(), fd));
  Add(fd, kReadable);
  EXPECT_THAT(Look(), ElementsAre(fd));
  EXPECT_EQ(script_.made[Call::kCreate], 1);
}

TEST_F(ScriptedEpollTest, ANumberMayBeAFilesBetweenTwoTimesASockets) {
  const Pair pair = NewSocketPair();
  const int fd = pair.fd.get();
  Add(fd, kReadable);
  const UniqueFd copy(::dup(fd));
  const UniqueFd file(::open("/dev/null", O_RDONLY));
  ASSERT_EQ(::dup2(file.get(), fd), fd);
  ASSERT_TRUE(poller_->Modify(fd, kReadable, 0).ok());
  EXPECT_THAT(Look(), ElementsAre(fd));
  ASSERT_EQ(::dup2(copy.get(), fd), fd);
  ASSERT_TRUE(poller_->Modify(fd, kReadable, 0).ok());
  EXPECT_THAT(Look(), IsEmpty());
  ExpectNoSpin();
}

// ---- Those who want to know what was closed ----

class CheckingTest : public ScriptedEpollTest {
 protected:
  CheckingTest() { NewPoller(); }

  void NewPoller() {
    PollerOptions options;
    options.check_closed = true;
    poller_ = *NewScriptedPoller(options);
    script_.made.clear();
  }
};

TEST_F(CheckingTest, WhatIsClosedMayFillTheSpan) {
  Pair one = NewReadablePair();
  Pair other = NewReadablePair();
  const int first = one.fd.get();
  const int second = other.fd.get();
  Add(first, kReadable);
  Add(second, kNone);
  one.fd.reset();
  other.fd.reset();
  poller_->Wakeup();
  EXPECT_THAT(Look(/*room=*/1), ElementsAre(first));
  EXPECT_TRUE(woken_);
  EXPECT_THAT(Look(/*room=*/1), ElementsAre(second));
  EXPECT_FALSE(woken_);
  EXPECT_EQ(Waits(), 0);
  EXPECT_EQ(script_.made[Call::kDelete], 1);  // of the one that was watched
  EXPECT_EQ(poller_->size(), 0u);
}

// Nobody sleeps on what was refused, either.
// To fstat(2) an epoll set is the same file as an eventfd. Where there is no
// room for two sets, the new one has taken the number of what was closed.
TEST_F(CheckingTest, ANumberThatTheSetHasTakenIsClosed) {
  poller_.reset();
  UniqueFd event(::eventfd(0, 0));
  const int fd = event.get();
  NewPoller();
  Add(fd, kReadable);
  AddOrphan();
  script_.errors[Call::kCreate] = {EMFILE};
  script_.meanwhile = [&] { event.reset(); };
  EXPECT_THAT(Look(), ElementsAre(fd));
  EXPECT_TRUE(events_[0].closed());
  EXPECT_EQ(poller_->size(), 0u);
}

TEST_F(CheckingTest, WhatIsRefusedIsToldAtOnce) {
  const Pair pair = NewSocketPair();
  Add(pair.fd.get(), kReadable);
  ASSERT_TRUE(poller_->Modify(pair.fd.get(), kPriority, 0).ok());
  script_.errors[Call::kModify] = {ENOMEM};
  EXPECT_EQ(Wait(absl::Seconds(1)).status().code(),
            absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(script_.milliseconds, 0);
}

TEST_F(CheckingTest, WaitTellsWhatTheKernelHasAgainstIt) {
  script_.errors[Call::kWait] = {EBADF};
  EXPECT_EQ(Wait(absl::ZeroDuration()).status().code(),
            absl::StatusCode::kInternal);
}

TEST_F(CheckingTest, NobodySpinsWhenNoneIsClosed) {
  const Pair idle = NewSocketPair();
  Add(idle.fd.get(), kReadable);
  ExpectNoSpin();
}

TEST_F(CheckingTest, NobodySleepsWhenOneIsClosed) {
  Pair closed = NewReadablePair();
  const Pair idle = NewSocketPair();
  const int fd = closed.fd.get();
  Add(fd, kReadable);
  Add(idle.fd.get(), kReadable);
  closed.fd.reset();
  EXPECT_THAT(*Wait(absl::InfiniteDuration()), ElementsAre(fd));
}

TEST_F(CheckingTest, TheOthersTakeTurns) {
  const Pair pair = NewReadablePair();
  const UniqueFd file(::open("/dev/null", O_RDONLY));
  Add(file.get(), kReadable);
  Add(pair.fd.get(), kReadable);
  for (int i = 0; i < 3; ++i) {
    std::set<int> reported;
    for (int j = 0; j < 2; ++j) reported.insert(Look(/*room=*/1).front());
    EXPECT_EQ(reported.size(), 2u);
  }
}

// ---- What is always ready ----

class AlwaysReadyTest : public ScriptedEpollTest {
 protected:
  const UniqueFd file_{::open("/dev/null", O_RDWR)};
  const int fd_ = file_.get();
};

TEST_F(AlwaysReadyTest, NobodySleepsThen) {
  Add(fd_, kReadable);
  EXPECT_THAT(*Wait(absl::InfiniteDuration()), ElementsAre(fd_));
  EXPECT_EQ(script_.milliseconds, 0);
  // Nor without the signal for those who sleep already.
  EXPECT_THAT(*Wait(absl::Seconds(1)), ElementsAre(fd_));
  EXPECT_EQ(script_.milliseconds, 0);
  EXPECT_FALSE(events_[0].hangup() || events_[0].read_closed() ||
               events_[0].error());
  ASSERT_TRUE(poller_->Remove(fd_).ok());
  ExpectNoSpin();
  EXPECT_EQ(script_.made[Call::kCreate], 1);
}

// Each signals the wake-up, whose number is now a file's that cannot be
// written.
TEST_F(AlwaysReadyTest, ThatTheWakeupWasClosedTakesOneDescriptorToSay) {
  const UniqueFd other(::open("/dev/null", O_RDONLY));
  ASSERT_EQ(::dup2(other.get(), script_.wakeup), script_.wakeup);
  const auto first_free = [this] { return UniqueFd(::dup(fd_)).get(); };
  Add(fd_, kReadable);
  const int free = first_free();
  ASSERT_TRUE(poller_->Modify(fd_, kWritable, 0).ok());
  EXPECT_THAT(Look(), ElementsAre(fd_));
  EXPECT_EQ(script_.made[Call::kEventfd], 2);
  EXPECT_EQ(first_free(), free);
  ASSERT_TRUE(poller_->Remove(fd_).ok());
  EXPECT_EQ(Wait(absl::ZeroDuration()).status().code(),
            absl::StatusCode::kInternal);
}

TEST_F(AlwaysReadyTest, ASleeperIsWoken) {
  script_.meanwhile = [this] { Add(fd_, kReadable); };
  EXPECT_THAT(*Wait(absl::InfiniteDuration()), ElementsAre(fd_));
}

// It is another file's later, of which nobody has told.
TEST_F(AlwaysReadyTest, WhatWasModifiedWhenItWasClosedIsNot) {
  const Pair idle = NewSocketPair();
  UniqueFd file(::dup(fd_));
  const int fd = file.get();
  Add(fd, kReadable);
  file.reset();
  ASSERT_TRUE(poller_->Modify(fd, kReadable, 0).ok());
  ASSERT_TRUE(Wait(absl::ZeroDuration()).ok());
  file.reset(::dup2(idle.fd.get(), fd));
  EXPECT_THAT(Look(), IsEmpty());
}

TEST_F(AlwaysReadyTest, ButNotForPriority) {
  Add(fd_, kPriority);
  ExpectNoSpin();
  const Pair pair = NewReadablePair();
  Add(pair.fd.get(), kReadable);
  EXPECT_THAT(Look(), ElementsAre(pair.fd.get()));
  EXPECT_EQ(script_.made[Call::kCreate], 1);
}

TEST_F(AlwaysReadyTest, TheyAndOthersTakeTurns) {
  const Pair pairs[] = {NewReadablePair(), NewReadablePair(),
                        NewReadablePair()};
  const UniqueFd other(::dup(fd_));
  Add(fd_, kReadable);
  for (const Pair& pair : pairs) Add(pair.fd.get(), kReadable);
  Add(other.get(), kReadable);
  // In any five Waits, not only in those from the first on.
  std::vector<int> reported;
  for (int i = 0; i < 25; ++i) {
    reported.push_back(Look(/*room=*/1).front());
    if (i < 4) continue;
    EXPECT_EQ(std::set<int>(reported.end() - 5, reported.end()).size(), 5u);
  }
}

TEST_F(AlwaysReadyTest, WhatWasFoundBeforeIsNotFoundWithThem) {
  const Pair pair = NewReadablePair();
  Add(fd_, kReadable);
  Add(pair.fd.get(), kReadable);
  EXPECT_THAT(Look(), UnorderedElementsAre(fd_, pair.fd.get()));
  char byte;
  ASSERT_EQ(::read(pair.fd.get(), &byte, 1), 1);
  EXPECT_THAT(Look(), ElementsAre(fd_));
}

TEST_F(AlwaysReadyTest, ASetStartedAnewKnowsThem) {
  Add(fd_, kReadable);
  AddOrphan();
  EXPECT_THAT(Look(), ElementsAre(fd_));
  EXPECT_THAT(Look(), ElementsAre(fd_));
  EXPECT_EQ(script_.made[Call::kCreate], 2);
  ASSERT_TRUE(poller_->Remove(fd_).ok());
  ExpectNoSpin();
}

TEST_F(AlwaysReadyTest, ASetStartedAnewSeesThatTheNumberIsAnothers) {
  const Pair idle = NewSocketPair();
  Add(fd_, kReadable);
  ASSERT_EQ(::dup2(idle.fd.get(), fd_), fd_);
  AddOrphan();
  Look();
  EXPECT_THAT(Look(), IsEmpty());
}

TEST_F(AlwaysReadyTest, AClosedOneIsNot) {
  UniqueFd file(::dup(fd_));
  Add(file.get(), kReadable);
  file.reset();
  ExpectNoSpin();
}

TEST_F(AlwaysReadyTest, ModifyTakesTheFileThatTheNumberNames) {
  const Pair idle = NewSocketPair();
  Add(fd_, kReadable);
  ASSERT_EQ(::dup2(idle.fd.get(), fd_), fd_);
  ASSERT_TRUE(poller_->Modify(fd_, kReadable, 0).ok());
  EXPECT_THAT(Look(), IsEmpty());
  ExpectNoSpin();
  EXPECT_EQ(script_.made[Call::kCreate], 1);
}

TEST_F(AlwaysReadyTest, AModifiedOneStaysSo) {
  Add(fd_, kReadable);
  ASSERT_TRUE(poller_->Modify(fd_, kWritable, 0).ok());
  EXPECT_THAT(Look(), ElementsAre(fd_));
}

// The kernel is asked after 255 reports, and not before.
TEST_F(AlwaysReadyTest, ANumberThatIsAnothersIsFoundOut) {
  const Pair pair = NewReadablePair();
  Add(fd_, kReadable);
  const int before = script_.made[Call::kAdd];
  ASSERT_EQ(::dup2(pair.fd.get(), fd_), fd_);
  for (int i = 0; i < 255; ++i) EXPECT_THAT(Look(), ElementsAre(fd_));
  EXPECT_EQ(script_.made[Call::kAdd], before);
  for (int i = 0; i < 3; ++i) EXPECT_THAT(Look(), ElementsAre(fd_));
  EXPECT_EQ(script_.made[Call::kAdd], before + 1);
  char byte;
  ASSERT_EQ(::read(pair.fd.get(), &byte, 1), 1);
  EXPECT_THAT(Look(), IsEmpty());
  ExpectNoSpin();
}

// For the sake of a file all was asked for; nothing is too much all the same.
TEST_F(ScriptedEpollTest, AFileThatIsRemovedMeanwhileLeavesNoMoreThanFits) {
  const Pair pairs[] = {NewReadablePair(), NewReadablePair(),
                        NewReadablePair()};
  for (const Pair& pair : pairs) Add(pair.fd.get(), kReadable);
  const UniqueFd file(::open("/dev/null", O_RDONLY));
  Add(file.get(), kReadable);
  script_.meanwhile = [&] { EXPECT_TRUE(poller_->Remove(file.get()).ok()); };
  const auto fds = Wait(absl::InfiniteDuration(), /*room=*/1);
  ASSERT_TRUE(fds.ok()) << fds.status();
  EXPECT_EQ(fds->size(), 1u);
  std::set<int> reported;
  for (int i = 0; i < 3; ++i) reported.insert(Look(/*room=*/1).front());
  EXPECT_EQ(reported.size(), 3u);
}

// ---- What says that it failed, and no more ----

// What says EPOLLERR alone is added again, and may be refused then.
TEST_F(ScriptedEpollTest, WhatCannotBeAddedAnewIsToldAndNotLost) {
  int fds[2];
  ASSERT_EQ(::pipe2(fds, O_NONBLOCK), 0);
  UniqueFd reader(fds[0]);
  const UniqueFd writer(fds[1]);
  const std::vector<char> much(1 << 20);
  ASSERT_GT(::write(writer.get(), much.data(), much.size()), 0);
  reader.reset();
  Add(writer.get(), kWritable);
  EXPECT_THAT(Look(), ElementsAre(writer.get()));
  script_.errors[Call::kAdd] = {ENOSPC, ENOSPC, ENOSPC};
  for (const absl::Duration timeout :
       {absl::ZeroDuration(), absl::InfiniteDuration()}) {
    EXPECT_EQ(Wait(timeout).status().code(),
              absl::StatusCode::kResourceExhausted);
  }
  script_.errors.clear();
  EXPECT_THAT(Look(), ElementsAre(writer.get()));

  // Others are not.
  const Pair pair = NewReadablePair();
  Add(pair.fd.get(), kReadable);
  const int before = script_.made[Call::kDelete];
  ASSERT_TRUE(poller_->Modify(pair.fd.get(), kWritable, 0).ok());
  EXPECT_EQ(Look().size(), 2u);
  EXPECT_EQ(script_.made[Call::kDelete] - before, 1);  // of the writer
}

}  // namespace
}  // namespace isopoll
