// The poll backend, looked at while it calls the kernel.

#include <poll.h>
#include <unistd.h>

#include <ctime>
#include <functional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "isopoll/backend.h"
#include "isopoll/interest.h"
#include "isopoll/net/pairs.h"
#include "isopoll/net/unique_fd.h"
#include "isopoll/poller.h"
#include "poller/core/poller_on.h"
#include "poller/poll/poll_calls.h"
#include "poller/poll/poll_set.h"
#include "poller/system/wakeup_fd.h"

namespace isopoll {
namespace {

using internal::PollCalls;
using internal::PollerOn;
using internal::PollSet;
using internal::WakeupFd;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Le;
using ::testing::SizeIs;

// What another thread does before the kernel looks, and when it has looked.
std::function<void()> before, after;
// How many entries each call had.
std::vector<nfds_t> calls;

struct ScriptedCalls : PollCalls {
  static int Poll(pollfd* entries, nfds_t count, const timespec* timeout) {
    calls.push_back(count);
    if (before) std::exchange(before, nullptr)();
    const int found = PollCalls::Poll(entries, count, timeout);
    if (after) std::exchange(after, nullptr)();
    return found;
  }
};

class ScriptedPollTest : public testing::Test {
 protected:
  ScriptedPollTest() { calls.clear(); }

  std::vector<int> Wait(absl::Duration timeout, size_t room = 8) {
    std::vector<Event> events(room);
    const auto result = poller_.Wait(absl::MakeSpan(events), timeout);
    EXPECT_TRUE(result.ok()) << result.status();
    std::vector<int> fds;
    for (size_t i = 0; result.ok() && i < result->count; ++i) {
      fds.push_back(events[i].fd());
    }
    return fds;
  }

  PollerOn<PollSet<ScriptedCalls>> on_script_{Backend::kPoll, PollerOptions(),
                                              *WakeupFd::Create()};
  Poller& poller_ = on_script_;
};

// The wake-up's entry is the first, whose turn it never is.
TEST_F(ScriptedPollTest, AWakeUpTakesNobodysPlace) {
  const PipeFds pipes[] = {Pipe().value(), Pipe().value(), Pipe().value()};
  std::vector<int> fds;
  for (const PipeFds& pipe : pipes) {
    ASSERT_EQ(::write(pipe.write_end.get(), "x", 1), 1);
    fds.push_back(pipe.read_end.get());
    ASSERT_TRUE(poller_.Add(fds.back(), kReadable, 0).ok());
  }
  EXPECT_THAT(Wait(absl::ZeroDuration(), 1), ElementsAre(fds[0]));
  before = [this] { poller_.Wakeup(); };
  EXPECT_THAT(Wait(absl::InfiniteDuration()),
              ElementsAre(fds[1], fds[2], fds[0]));
}

TEST_F(ScriptedPollTest, WhatIsParkedIsNotShown) {
  PipeFds pipe = Pipe().value();
  const int fd = pipe.read_end.get();
  ASSERT_TRUE(poller_.Add(fd, kReadable, 0).ok());
  ASSERT_TRUE(poller_.Modify(fd, kNone, 0).ok());
  pipe.write_end.reset();
  EXPECT_THAT(Wait(absl::Milliseconds(20)), IsEmpty());
  EXPECT_THAT(calls, SizeIs(Le(2u)));
  EXPECT_EQ(calls.back(), 1u);  // the wake-up's
}

TEST_F(ScriptedPollTest, WhatWasClosedMayBeOpenAgain) {
  const PipeFds pipe = Pipe().value();
  ASSERT_EQ(::write(pipe.write_end.get(), "x", 1), 1);
  UniqueFd number(::dup(pipe.read_end.get()));
  const int fd = number.get();
  ASSERT_TRUE(poller_.Add(fd, kReadable, 0).ok());
  number.reset();
  after = [&] {
    number.reset(::dup2(pipe.read_end.get(), fd));
    EXPECT_TRUE(poller_.Modify(fd, kReadable, 0).ok());
  };
  EXPECT_THAT(Wait(absl::InfiniteDuration()), ElementsAre(fd));
}

TEST_F(ScriptedPollTest, WhatIsClosedIsNotAdded) {
  const int closed = ::dup(0);
  ::close(closed);
  EXPECT_EQ(poller_.Add(closed, kReadable, 0).code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(poller_.size(), 0u);
}

}  // namespace
}  // namespace isopoll
