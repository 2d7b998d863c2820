// How many system calls each operation makes, and which.

#include "tests/cost/system_calls.h"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "absl/types/span.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "isopoll/net/pairs.h"
#include "isopoll/poller.h"

namespace isopoll::tests {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class SystemCallsTest : public testing::TestWithParam<Backend> {
 protected:
  // The call that waits.
  static std::string wait() {
    switch (GetParam()) {
      case Backend::kSelect:
        return "pselect";
      case Backend::kPoll:
        return "poll";
      default:
        return "epoll_wait";
    }
  }
  // Whether the kernel keeps what is watched from one call to the next.
  static bool kernel_remembers() { return GetParam() == Backend::kEpoll; }

  // What `measured` asks of the kernel, of a poller that has waited and watches
  // one end of a socket pair for reading.
  std::vector<std::string> Calls(const std::function<void()>& measured) {
    return SystemCalls([this] { Prepare(); }, measured);
  }

  void Prepare() {
    PollerOptions options;
    options.backend = GetParam();
    poller_ = *Poller::Create(options);
    sockets_ = *SocketPair(SOCK_STREAM);
    other_ = *SocketPair(SOCK_STREAM);
    poller_->Add(fd(), kReadable, 0).IgnoreError();
    Look();
  }

  int fd() const { return sockets_.first.get(); }
  int other() const { return other_.first.get(); }
  void MakeReadable() const { ::send(sockets_.second.get(), "x", 1, 0); }

  void Wait(absl::Duration time) {
    poller_->Wait(absl::MakeSpan(events_), time).IgnoreError();
  }
  void Look() { Wait(absl::ZeroDuration()); }

  std::unique_ptr<Poller> poller_;
  SocketPairFds sockets_;
  SocketPairFds other_;
  std::array<Event, 8> events_;
};

TEST_P(SystemCallsTest, LookMakesOne) {
  EXPECT_THAT(Calls([this] {
                Look();
                Look();
              }),
              ElementsAre(wait(), wait()));
}

TEST_P(SystemCallsTest, WaitThatFindsAnEventMakesOne) {
  const auto prepare = [this] {
    Prepare();
    MakeReadable();
  };
  EXPECT_THAT(SystemCalls(prepare, [this] { Wait(absl::InfiniteDuration()); }),
              ElementsAre(wait()));
  EXPECT_THAT(SystemCalls(prepare, [this] { Wait(absl::Minutes(1)); }),
              ElementsAre(wait()));
}

TEST_P(SystemCallsTest, WaitThatSleepsMakesOne) {
  EXPECT_THAT(Calls([this] { Wait(absl::Milliseconds(1)); }), SizeIs(1));
}

TEST_P(SystemCallsTest, ChangeThereAndBackMakesNone) {
  EXPECT_THAT(Calls([this] {
                poller_->Modify(fd(), kReadable | kWritable, 0).IgnoreError();
                poller_->Modify(fd(), kReadable, 0).IgnoreError();
                Look();
              }),
              ElementsAre(wait()));
}

// Whether the number is another file's by now, only the kernel can tell.
TEST_P(SystemCallsTest, ModifyWithTheSameInterestIsToldTheKernel) {
  const std::vector<std::string> calls = Calls([this] {
    poller_->Modify(fd(), kReadable, 7).IgnoreError();
    poller_->Modify(fd(), kReadable, 8).IgnoreError();
    Look();
  });
  if (kernel_remembers()) {
    EXPECT_THAT(calls, ElementsAre("epoll_ctl", wait()));
  } else {
    EXPECT_THAT(calls, ElementsAre(wait()));
  }
}

TEST_P(SystemCallsTest, ChangeIsToldTheKernelOnce) {
  const std::vector<std::string> calls = Calls([this] {
    poller_->Modify(fd(), kReadable | kWritable, 0).IgnoreError();
    poller_->Modify(fd(), kWritable, 0).IgnoreError();
    Look();
    Look();
  });
  if (kernel_remembers()) {
    EXPECT_THAT(calls, ElementsAre("epoll_ctl", wait(), wait()));
  } else {
    EXPECT_THAT(calls, ElementsAre(wait(), wait()));
  }
}

TEST_P(SystemCallsTest, AddMakesOne) {
  EXPECT_THAT(
      Calls([this] { poller_->Add(other(), kReadable, 0).IgnoreError(); }),
      ElementsAre(kernel_remembers() ? "epoll_ctl" : "fcntl"));
}

TEST_P(SystemCallsTest, RemoveMakesOneAtMost) {
  const std::vector<std::string> calls =
      Calls([this] { poller_->Remove(fd()).IgnoreError(); });
  if (kernel_remembers()) {
    EXPECT_THAT(calls, ElementsAre("epoll_ctl"));
  } else {
    EXPECT_THAT(calls, IsEmpty());
  }
}

TEST_P(SystemCallsTest, WakeupOfABusyPollerMakesNone) {
  EXPECT_THAT(Calls([this] { poller_->Wakeup(); }), IsEmpty());
}

TEST_P(SystemCallsTest, WakeupWhileOneIsPendingMakesNone) {
  const auto prepare = [this] {
    Prepare();
    poller_->Wakeup();
  };
  EXPECT_THAT(SystemCalls(prepare, [this] { poller_->Wakeup(); }), IsEmpty());
}

TEST_P(SystemCallsTest, WaitThatFindsAWakeupMakesOne) {
  EXPECT_THAT(Calls([this] {
                poller_->Wakeup();
                Wait(absl::InfiniteDuration());
              }),
              ElementsAre(wait()));
}

INSTANTIATE_TEST_SUITE_P(Backends, SystemCallsTest,
                         testing::ValuesIn(SupportedBackends()),
                         [](const testing::TestParamInfo<Backend>& backend) {
                           return std::string(BackendName(backend.param));
                         });

// The counter itself: it must see what is there.

TEST(SystemCallsOf, SeesEachCallInOrder) {
  PipeFds pipe = *Pipe();
  EXPECT_THAT(
      SystemCalls([] {},
                  [&pipe] {
                    char byte = 0;
                    while (::write(pipe.write_end.get(), &byte, 1) < 0) {
                    }
                    while (::read(pipe.read_end.get(), &byte, 1) < 0) {
                    }
                  }),
      ElementsAre("write", "read"));
}

TEST(SystemCallsOf, SeesThatTheChildEnded) {
  EXPECT_THAT(SystemCalls([] {}, [] { ::_exit(0); }).back(),
              "the end of the child");
}

}  // namespace
}  // namespace isopoll::tests
