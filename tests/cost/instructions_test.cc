// How many instructions an operation takes, beside those of the kernel. Most of
// these would be a lock's, if it looked for deadlocks, as an absl::Mutex does
// in a program that is built without NDEBUG.

#include "tests/cost/instructions.h"

#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <memory>

#include "absl/time/time.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "isopoll/net/pairs.h"
#include "isopoll/net/unique_fd.h"
#include "isopoll/poller.h"

namespace isopoll::tests {
namespace {

// By g++ 12 they are 80 and 500, and without optimisation 1600 and 5700. With
// an absl::Mutex of Debian's they were 500 and 1200, and 4800 and 9100.
#ifdef __OPTIMIZE__
constexpr int64_t kMostOfALook = 120;
constexpr int64_t kMostOfAChangeWithALook = 750;
#else
constexpr int64_t kMostOfALook = 2400;
constexpr int64_t kMostOfAChangeWithALook = 7000;
#endif

class InstructionsTest : public testing::Test {
 protected:
  void Prepare() {
    PollerOptions options;
    options.backend = Backend::kEpoll;
    poller_ = *Poller::Create(options);
    for (UniqueFd& fd : idle_) {
      fd.reset(::eventfd(0, EFD_CLOEXEC));
      poller_->Add(fd.get(), kReadable, 0).IgnoreError();
    }
    sockets_ = *SocketPair(SOCK_STREAM);
    poller_->Add(sockets_.first.get(), kReadable, 1).IgnoreError();
  }

  void Look() {
    poller_->Wait(absl::MakeSpan(events_), absl::ZeroDuration()).IgnoreError();
  }
  // There and back, in turns.
  void Change() {
    writable_ = !writable_;
    poller_
        ->Modify(sockets_.first.get(),
                 writable_ ? kReadable | kWritable : kReadable, 1)
        .IgnoreError();
  }

  std::unique_ptr<Poller> poller_;
  std::array<UniqueFd, 100> idle_;
  SocketPairFds sockets_;
  std::array<Event, 128> events_;
  bool writable_ = false;
};

TEST_F(InstructionsTest, ALookAtAHundredThatAreIdle) {
  const int64_t count = Instructions([this] { Prepare(); }, [this] { Look(); });
  EXPECT_GT(count, 0);
  EXPECT_LE(count, kMostOfALook);
}

TEST_F(InstructionsTest, AChangeWithALook) {
  const int64_t count = Instructions([this] { Prepare(); },
                                     [this] {
                                       Change();
                                       Look();
                                     });
  EXPECT_GT(count, 0);
  EXPECT_LE(count, kMostOfAChangeWithALook);
}

// The counter itself.

TEST(InstructionsOf, EachTurnOfALoopCounts) {
  const auto loop = [](int turns) {
    return Instructions([] {},
                        [turns] {
                          for (volatile int i = 0; i < turns; i = i + 1) {
                          }
                        });
  };
  const int64_t hundred = loop(200) - loop(100);
  EXPECT_GE(hundred, 300);
  EXPECT_EQ(loop(300) - loop(200), hundred);
}

TEST(InstructionsOf, SeesThatTheChildEnded) {
  EXPECT_EQ(Instructions([] {}, [] { ::_exit(0); }), -1);
}

}  // namespace
}  // namespace isopoll::tests
