// The epoll backend on a kernel that follows a script: what a real one says too
// rarely for a test to wait for.

#include "tests/poller/scripted_epoll.h"

#include <fcntl.h>
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
#include "net/unique_fd.h"
#include "poller/interest.h"
#include "poller/poller.h"

namespace isopoll {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

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
    std::vector<Event> events(room);
    const auto result = poller_->Wait(absl::MakeSpan(events), timeout);
    if (!result.ok()) return result.status();
    std::vector<int> fds;
    for (size_t i = 0; i < result->count; ++i) fds.push_back(events[i].fd());
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

  int Waits() {
    return script_.made[Call::kWait] + script_.made[Call::kPwait2];
  }

  Script script_;
  std::unique_ptr<Poller> poller_;
  std::vector<UniqueFd> kept_;
};

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

// ---- A set that is started anew ----

TEST_F(ScriptedEpollTest, WhatASetStartedAnewRefusesIsAddedLater) {
  AddOrphan();  // found first
  const Pair pair = NewReadablePair();
  Add(pair.fd.get(), kReadable);
  // The wake-up's comes first, in each of the two sets that are tried.
  script_.errors[Call::kAdd] = {0, ENOSPC, 0};
  EXPECT_THAT(Look(), ElementsAre(pair.fd.get()));
}

TEST_F(ScriptedEpollTest, WhatIsRefusedForLongIsToldAndNotLost) {
  AddOrphan();  // found first
  const Pair pair = NewReadablePair();
  Add(pair.fd.get(), kReadable);
  script_.errors[Call::kAdd] = {0, ENOSPC, ENOSPC, 0};
  script_.errors[Call::kAdd].insert(script_.errors[Call::kAdd].end(), 8,
                                    ENOSPC);
  EXPECT_EQ(Wait(absl::ZeroDuration()).status().code(),
            absl::StatusCode::kResourceExhausted);
  script_.errors.clear();
  EXPECT_THAT(Look(), ElementsAre(pair.fd.get()));
}

TEST_F(ScriptedEpollTest, WithoutADescriptorTheOldSetGivesItsOwn) {
  AddOrphan();  // found first
  const Pair pair = NewReadablePair();
  Add(pair.fd.get(), kReadable);
  script_.errors[Call::kCreate] = {EMFILE};
  EXPECT_THAT(Look(), ElementsAre(pair.fd.get()));
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

// Only of the number's own file may it be said that it is muted.
TEST_F(ScriptedEpollTest, WhatCannotBeMutedIsNotTheNumbersFile) {
  Pair pair = NewSocketPair();
  Add(pair.fd.get(), kPriority);
  pair.peer.reset();
  script_.errors[Call::kModify] = {ENOENT};
  EXPECT_THAT(Look(), IsEmpty());
  EXPECT_EQ(script_.made[Call::kCreate], 2);
  const int before = Waits();
  EXPECT_THAT(*Wait(absl::Milliseconds(50)), IsEmpty());
  EXPECT_LE(Waits() - before, 4);
}

// A set started anew has nothing muted in it.
TEST_F(ScriptedEpollTest, WhatWasMutedIsMutedAgainInASetStartedAnew) {
  Pair pair = NewSocketPair();
  Add(pair.fd.get(), kPriority);
  pair.peer.reset();
  EXPECT_THAT(Look(), IsEmpty());
  AddOrphan();
  EXPECT_THAT(Look(), IsEmpty());
  EXPECT_THAT(Look(), IsEmpty());
  const int before = Waits();
  EXPECT_THAT(*Wait(absl::Milliseconds(50)), IsEmpty());
  EXPECT_LE(Waits() - before, 4);
}

// The wake-up has taken the one place that there is.
TEST_F(ScriptedEpollTest, LooksAgainWhenTheWakeUpTookAPlace) {
  const Pair pair = NewReadablePair();
  Add(pair.fd.get(), kReadable);
  script_.found = {{WakeupEvent()}};
  EXPECT_THAT(Look(/*room=*/1), ElementsAre(pair.fd.get()));
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

// What says EPOLLERR alone is added anew, and may be refused then.
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
  script_.errors[Call::kAdd] = {ENOSPC, ENOSPC};
  EXPECT_EQ(Wait(absl::ZeroDuration()).status().code(),
            absl::StatusCode::kResourceExhausted);
  script_.errors.clear();
  EXPECT_THAT(Look(), ElementsAre(writer.get()));
}

}  // namespace
}  // namespace isopoll
