// A look on epoll takes no lock as long as there is nothing to report: what
// other threads do meanwhile, a script does in the middle of the call. A lock
// that was held then would hang these tests.

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <memory>
#include <vector>

#include "absl/base/config.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "isopoll/event.h"
#include "isopoll/interest.h"
#include "isopoll/net/unique_fd.h"
#include "isopoll/poller.h"
#include "tests/poller/scripted_epoll.h"
#include "tests/support/background_call.h"

namespace isopoll {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class ScriptedLookTest : public testing::Test {
 protected:
  ScriptedLookTest() {
    script = &script_;
    poller_ = *NewScriptedPoller(PollerOptions());
  }
  ~ScriptedLookTest() override {
    poller_.reset();
    script = nullptr;
  }

  absl::StatusOr<WaitResult> Look(size_t room = 16) {
    events_.assign(room, Event());
    return poller_->Wait(absl::MakeSpan(events_), absl::ZeroDuration());
  }
  // The tokens of what a look reports.
  std::vector<Token> Tokens(size_t room = 16) {
    const absl::StatusOr<WaitResult> result = Look(room);
    EXPECT_TRUE(result.ok()) << result.status();
    std::vector<Token> tokens;
    for (size_t i = 0; result.ok() && i < result->count; ++i) {
      tokens.push_back(events_[i].token());
    }
    return tokens;
  }
  void Add(const UniqueFd& fd, Interest interest, Token token) {
    ASSERT_TRUE(poller_->Add(fd.get(), interest, token).ok());
  }
  int calls() { return script_.made[Call::kWait]; }

  Script script_;
  std::unique_ptr<Poller> poller_;
  std::vector<Event> events_;
  // Writable, and readable if it is not 0.
  const UniqueFd idle_{::eventfd(0, 0)};
  const UniqueFd ready_{::eventfd(1, 0)};
};

TEST_F(ScriptedLookTest, IsOneCall) {
  Add(idle_, kReadable, 1);
  EXPECT_THAT(Tokens(), IsEmpty());
  EXPECT_EQ(calls(), 1);
  Add(ready_, kReadable, 2);
  EXPECT_THAT(Tokens(), ElementsAre(2));
  EXPECT_EQ(calls(), 2);
  poller_->Wakeup();
  EXPECT_TRUE(Look()->woken);
  EXPECT_EQ(calls(), 3);
}

TEST_F(ScriptedLookTest, AWakeupMeanwhileIsConsumedOnce) {
  for (const UniqueFd* fd : {&idle_, &ready_}) {
    Add(*fd, kReadable, 1);
    script_.meanwhile = [this] { poller_->Wakeup(); };
    EXPECT_TRUE(Look()->woken);
    EXPECT_FALSE(Look()->woken);
  }
}

TEST_F(ScriptedLookTest, WhatIsModifiedMeanwhileIsLookedAtAgain) {
  Add(idle_, kReadable, 1);
  script_.meanwhile = [this] {
    EXPECT_TRUE(poller_->Modify(idle_.get(), kWritable, 2).ok());
  };
  EXPECT_THAT(Tokens(), ElementsAre(2));
}

TEST_F(ScriptedLookTest, WhatIsFoundGoesByTheTokenOfMeanwhile) {
  Add(ready_, kReadable, 1);
  script_.meanwhile = [this] {
    EXPECT_TRUE(poller_->Modify(ready_.get(), kReadable, 2).ok());
  };
  EXPECT_THAT(Tokens(), ElementsAre(2));
}

TEST_F(ScriptedLookTest, WhatIsRemovedMeanwhileIsNotReported) {
  Add(ready_, kReadable, 1);
  script_.found = {{EventOf(ready_.get(), 1, EPOLLIN)}};
  script_.meanwhile = [this] {
    EXPECT_TRUE(poller_->Remove(ready_.get()).ok());
  };
  EXPECT_THAT(Tokens(), IsEmpty());
}

TEST_F(ScriptedLookTest, AChangeThatWaitsForAWaitIsMadeFirst) {
  Add(idle_, kReadable, 1);
  ASSERT_TRUE(poller_->Modify(idle_.get(), kWritable, 2).ok());
  EXPECT_THAT(Tokens(), ElementsAre(2));
  EXPECT_EQ(calls(), 1);
}

TEST_F(ScriptedLookTest, AnErrorIsToldIfItIsOneStill) {
  Add(ready_, kReadable, 1);
  script_.errors[Call::kWait] = {EBADF};
  EXPECT_THAT(Tokens(), ElementsAre(1));
  script_.errors[Call::kWait] = {EBADF, EBADF};
  EXPECT_EQ(Look().status().code(), absl::StatusCode::kInternal);
}

// Of which the kernel's set knows nothing.
TEST_F(ScriptedLookTest, AFileIsReported) {
  Add(idle_, kReadable, 1);
  EXPECT_THAT(Tokens(), IsEmpty());
  const UniqueFd file(::dup(STDERR_FILENO));
  script_.errors[Call::kAdd] = {EPERM};  // as of a regular file
  Add(file, kReadable, 2);
  EXPECT_THAT(Tokens(), ElementsAre(2));  // Add has made the kernel look up
  EXPECT_THAT(Tokens(), ElementsAre(2));
  Add(ready_, kReadable, 3);
  EXPECT_THAT(Tokens(), UnorderedElementsAre(2, 3));
}

// Some of what fills the span is for nobody.
TEST_F(ScriptedLookTest, WhatTakesAPlaceForNothingHidesNobody) {
  Add(ready_, kReadable, 1);
  Add(idle_, kPriority, 2);
  script_.found = {{EventOf(idle_.get(), 2, EPOLLHUP)}};
  EXPECT_THAT(Tokens(/*room=*/1), ElementsAre(1));
}

TEST_F(ScriptedLookTest, MoreThanOneLookTakesAreReported) {
  constexpr size_t kMany = 600;
  std::vector<UniqueFd> copies;
  for (size_t i = 0; i < kMany; ++i) {
    copies.emplace_back(::dup(ready_.get()));
    Add(copies.back(), kReadable, i);
  }
  EXPECT_EQ(Tokens(/*room=*/1000).size(), kMany);
  EXPECT_LE(calls(), 2);
}

// One that began to sleep meanwhile keeps what the kernel writes to.
TEST_F(ScriptedLookTest, BesideASleeperIsRefused) {
#ifdef ABSL_HAVE_THREAD_SANITIZER
  GTEST_SKIP() << "the script's accounts are not made for threads";
#endif
  std::unique_ptr<tests::BackgroundCall> sleeper;
  Add(idle_, kReadable, 1);
  script_.meanwhile = [&] {
    sleeper = std::make_unique<tests::BackgroundCall>([this] {
      Event event;
      EXPECT_TRUE(
          poller_->Wait(absl::MakeSpan(&event, 1), absl::InfiniteDuration())
              ->woken);
    });
    EXPECT_TRUE(sleeper->AwaitSleep(absl::Seconds(10)));
    script_.found = {{EventOf(idle_.get(), 1, EPOLLIN)}};
  };
  EXPECT_EQ(Look().status().code(), absl::StatusCode::kFailedPrecondition);
  poller_->Wakeup();
}

}  // namespace
}  // namespace isopoll
