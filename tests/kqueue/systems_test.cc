// Each system's table has all calls, and the filters that this system has.

#include "tests/kqueue/systems.h"

#include <sys/event.h>
#include <sys/socket.h>

#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "isopoll/net/pairs.h"
#include "isopoll/poller.h"
#include "poller/core/backends.h"
#include "poller/kqueue/kqueue_system.h"
#include "poller/system/poll_by_select.h"
#include "poller/system/poll_call.h"

namespace isopoll::internal {
namespace {

struct System {
  std::string name;
  const KqueueSystem& table;
  PollFunction* watching_poll;
  bool has_except, has_user;
  bool is_blind_for_terminals;

  friend std::ostream& operator<<(std::ostream& out, const System& system) {
    return out << system.name;
  }
};

class SystemsTest : public testing::TestWithParam<System> {
 protected:
  // What Wait reports, up to two.
  std::vector<Event> Wait(absl::Duration timeout) {
    std::vector<Event> events(2);
    const WaitResult result =
        poller_->Wait(absl::MakeSpan(events), timeout).value();
    events.resize(result.count);
    return events;
  }

  const std::unique_ptr<Poller> poller_ =
      MakeKqueuePoller(GetParam().table, {}).value();
};

TEST_P(SystemsTest, IsThatOfTheSystem) {
  const KqueueSystem& table = GetParam().table;
  EXPECT_EQ(table.except.number, GetParam().has_except ? EVFILT_EXCEPT : 0);
  EXPECT_EQ(table.except.note, GetParam().has_except ? NOTE_OOB : 0u);
  EXPECT_EQ(table.user.number, GetParam().has_user ? EVFILT_USER : 0);
  EXPECT_EQ(table.user.note, GetParam().has_user ? NOTE_TRIGGER : 0u);
  EXPECT_EQ(table.watching_poll, GetParam().watching_poll);
  EXPECT_EQ(table.traits.blind_for_terminals,
            GetParam().is_blind_for_terminals);
}

TEST_P(SystemsTest, SeesWhatFiltersAndPollSee) {
  SocketPairFds pair = SocketPair(SOCK_STREAM).value();
  PipeFds pipe = Pipe().value();
  ASSERT_EQ(poller_->Add(pair.first.get(), kReadable, 1), absl::OkStatus());
  // What nobody reads from is for poll alone.
  ASSERT_EQ(poller_->Add(pipe.write_end.get(), kReadable, 2), absl::OkStatus());
  EXPECT_TRUE(Wait(absl::ZeroDuration()).empty());
  pair.second.reset();
  pipe.read_end.reset();
  EXPECT_EQ(Wait(absl::InfiniteDuration()).size(), 2u);
}

// Which poll says of what it was not asked for.
TEST_P(SystemsTest, SleepsBesideAHangup) {
  PipeFds pipe = Pipe().value();
  pipe.read_end.reset();
  ASSERT_EQ(poller_->Add(pipe.write_end.get(), kPriority, 1), absl::OkStatus());
  EXPECT_TRUE(Wait(absl::Milliseconds(1)).empty());
}

TEST_P(SystemsTest, IsWokenUp) {
  poller_->Wakeup();
  Event event;
  EXPECT_TRUE(poller_->Wait(absl::MakeSpan(&event, 1), absl::InfiniteDuration())
                  ->woken);
}

INSTANTIATE_TEST_SUITE_P(
    , SystemsTest,
    testing::Values(
        System{"dragonfly", DragonflyKqueueSystem(), &PollFor, false, true,
               false},
        System{"freebsd", FreebsdKqueueSystem(), &PollFor, false, true, false},
        System{"macos", MacosKqueueSystem(), &PollBySelect, true, true, true},
        System{"netbsd", NetbsdKqueueSystem(), &PollFor, false, false, true},
        System{"openbsd", OpenbsdKqueueSystem(), &PollFor, false, false,
               false}),
    [](const auto& system) { return system.param.name; });

}  // namespace
}  // namespace isopoll::internal
