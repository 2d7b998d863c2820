// The select backend on a kernel that follows a script, or is looked at.

#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <ctime>
#include <deque>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "net/pairs.h"
#include "net/unique_fd.h"
#include "poller/backend.h"
#include "poller/core/poller_on.h"
#include "poller/interest.h"
#include "poller/poller.h"
#include "poller/select/select_calls.h"
#include "poller/select/select_set.h"
#include "poller/unix/wakeup_fd.h"

namespace isopoll {
namespace {

using internal::PollerOn;
using internal::SelectCalls;
using internal::SelectSet;
using internal::WakeupFd;
using ::testing::AllOf;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::Gt;
using ::testing::IsEmpty;
using ::testing::Le;
using ::testing::SizeIs;

using Answer = std::function<int(fd_set* read)>;

// What the next calls answer in place of the kernel.
std::deque<Answer> script;
// What all were given; infinite for null.
std::vector<absl::Duration> timeouts;

struct ScriptedCalls : SelectCalls {
  static int Select(int end, fd_set* read, fd_set* write, fd_set* except,
                    const timespec* timeout) {
    timeouts.push_back(timeout == nullptr
                           ? absl::InfiniteDuration()
                           : absl::DurationFromTimespec(*timeout));
    if (script.empty()) {
      return SelectCalls::Select(end, read, write, except, timeout);
    }
    const Answer answer = std::move(script.front());
    script.pop_front();
    return answer(read);
  }
};

int Fail(int error) {
  errno = error;
  return -1;
}

class ScriptedSelectTest : public testing::Test {
 protected:
  ScriptedSelectTest() : on_script_(Backend::kSelect, {}, *WakeupFd::Create()) {
    script.clear();
    timeouts.clear();
  }

  std::vector<int> Wait(absl::Duration timeout) {
    Event events[8];
    const auto result = poller_.Wait(absl::MakeSpan(events), timeout);
    EXPECT_TRUE(result.ok()) << result.status();
    std::vector<int> fds;
    for (size_t i = 0; result.ok() && i < result->count; ++i) {
      fds.push_back(events[i].fd());
    }
    return fds;
  }

  PollerOn<SelectSet<ScriptedCalls>> on_script_;
  Poller& poller_ = on_script_;
};

// Linux passes over numbers beyond its table, which are closed, and leaves
// their bits: they are told by there being more bits than it counted.
TEST_F(ScriptedSelectTest, BitsThatWereNotCountedMeanNothing) {
  PipeFds idle = Pipe().value();
  PipeFds ready = Pipe().value();
  ASSERT_EQ(::write(ready.write_end.get(), "x", 1), 1);
  const int closed = ::dup(idle.read_end.get());
  for (const int fd : {idle.read_end.get(), ready.read_end.get(), closed}) {
    ASSERT_TRUE(poller_.Add(fd, kReadable, 0).ok());
  }
  ::close(closed);
  // All bits stay, of which one was counted.
  script = {[](fd_set*) { return 1; }};
  EXPECT_THAT(Wait(absl::ZeroDuration()), ElementsAre(ready.read_end.get()));
  EXPECT_THAT(timeouts, SizeIs(2));
  // The closed one is watched no more.
  EXPECT_THAT(Wait(absl::ZeroDuration()), ElementsAre(ready.read_end.get()));
  EXPECT_THAT(timeouts, SizeIs(3));
}

// It was closed when select looked, and is open by now.
TEST_F(ScriptedSelectTest, LooksAgainWhenAllAreOpen) {
  PipeFds pipe = Pipe().value();
  ASSERT_EQ(::write(pipe.write_end.get(), "x", 1), 1);
  ASSERT_TRUE(poller_.Add(pipe.read_end.get(), kReadable, 0).ok());
  script = {[](fd_set*) { return Fail(EBADF); }};
  EXPECT_THAT(Wait(absl::ZeroDuration()), ElementsAre(pipe.read_end.get()));
  EXPECT_THAT(timeouts, SizeIs(2));
}

TEST_F(ScriptedSelectTest, NothingIsFoundByACallThatWasInterrupted) {
  PipeFds pipe = Pipe().value();
  ASSERT_TRUE(poller_.Add(pipe.read_end.get(), kReadable, 0).ok());
  script = {[](fd_set*) { return Fail(EINTR); }};
  EXPECT_THAT(Wait(absl::Milliseconds(1)), IsEmpty());
  EXPECT_THAT(timeouts, SizeIs(2));
}

// Linux's select does not wake for an entry in the error queue of what is
// watched for priority alone.
TEST_F(ScriptedSelectTest, LooksOftenWhileAnyIsWatchedForPriorityAlone) {
  constexpr absl::Duration kWhile = absl::Milliseconds(120);
  constexpr absl::Duration kOften = absl::Milliseconds(50);
  SocketPairFds pair = TcpPair().value();
  const int fd = pair.first.get();
  ASSERT_TRUE(poller_.Add(fd, kPriority, 0).ok());
  EXPECT_THAT(Wait(kWhile), IsEmpty());
  EXPECT_THAT(timeouts, AllOf(SizeIs(Gt(2u)), Each(Le(kOften))));

  for (const Interest others : {kPriority | kReadable, kReadable, kNone}) {
    ASSERT_TRUE(poller_.Modify(fd, others, 0).ok());
    timeouts.clear();
    EXPECT_THAT(Wait(kWhile), IsEmpty());
    EXPECT_THAT(timeouts.front(), Gt(kOften));
  }
  ASSERT_TRUE(poller_.Modify(fd, kPriority, 0).ok());
  ASSERT_TRUE(poller_.Remove(fd).ok());
  timeouts.clear();
  EXPECT_THAT(Wait(kWhile), IsEmpty());
  EXPECT_THAT(timeouts.front(), Gt(kOften));
}

}  // namespace
}  // namespace isopoll
