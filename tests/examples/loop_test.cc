// The loop that the clients of docs/examples share, with clients of no library.

#include "docs/examples/loop.h"

#include <unistd.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "isopoll/net/pairs.h"
#include "isopoll/net/unique_fd.h"
#include "isopoll/poller.h"

namespace isopoll::examples {
namespace {

using std::chrono::milliseconds;

// Reads from one pipe and writes a byte to another, `rounds` times.
class Passer : public Client {
 public:
  Passer(Poller& poller, int from, int to, int rounds)
      : Client(poller), from_(from), to_(to), rounds_(rounds) {
    Watch(from_, kReadable);
  }

  void OnReady(int fd, Interest ready) override {
    EXPECT_EQ(fd, from_);
    EXPECT_EQ(ready, kReadable);
    char byte;
    ASSERT_EQ(read(from_, &byte, 1), 1);
    ASSERT_EQ(write(to_, &byte, 1), 1);
    if (--rounds_ == 0) Watch(from_, kNone);
  }
  void OnDeadline() override { ADD_FAILURE() << "there is none"; }
  bool done() const override { return rounds_ == 0; }

 private:
  const int from_, to_;
  int rounds_;
};

// Done at its second deadline. `fd` is never ready.
class Sleeper : public Client {
 public:
  Sleeper(Poller& poller, int fd) : Client(poller) {
    if (fd >= 0) Watch(fd, kReadable);
    SetDeadline(Clock::now() + milliseconds(20));
  }

  void OnReady(int fd, Interest /*ready*/) override { ADD_FAILURE() << fd; }
  void OnDeadline() override {
    EXPECT_EQ(deadline(), Clock::time_point::max());
    if (++calls_ == 1) SetDeadline(Clock::now() + milliseconds(20));
  }
  bool done() const override { return calls_ == 2; }

 private:
  int calls_ = 0;
};

class LoopTest : public testing::TestWithParam<Backend> {
 protected:
  static std::unique_ptr<Poller> NewPoller(bool check_closed = false) {
    PollerOptions options;
    options.backend = GetParam();
    options.check_closed = check_closed;
    return std::move(Poller::Create(options)).value();
  }
};

TEST_P(LoopTest, ServesClientsSideBySide) {
  const auto poller = NewPoller();
  const PipeFds there = Pipe().value();
  const PipeFds back = Pipe().value();
  Passer first(*poller, there.read_end.get(), back.write_end.get(), 100);
  Passer second(*poller, back.read_end.get(), there.write_end.get(), 100);
  ASSERT_EQ(write(there.write_end.get(), "x", 1), 1);
  EXPECT_EQ(examples::Run(*poller, {&first, &second}), absl::OkStatus());
  EXPECT_EQ(poller->size(), 0u);
}

TEST_P(LoopTest, CallsWhenADeadlineHasPassedAndNotBefore) {
  const auto poller = NewPoller();
  const PipeFds pipe = Pipe().value();
  const auto start = Clock::now();
  Sleeper first(*poller, pipe.read_end.get());
  Sleeper second(*poller, -1);
  EXPECT_EQ(examples::Run(*poller, {&first, &second}), absl::OkStatus());
  EXPECT_GE(Clock::now() - start, milliseconds(40));
}

TEST_P(LoopTest, EndsWithWhatThePollerRefuses) {
  const auto poller = NewPoller();
  PipeFds pipe = Pipe().value();
  const int closed = pipe.read_end.get();
  pipe.read_end.reset();
  Sleeper client(*poller, closed);
  EXPECT_EQ(examples::Run(*poller, {&client}).code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_FALSE(client.done());
}

TEST_P(LoopTest, EndsWhenAClientLetsAWatchedDescriptorBeClosed) {
  const auto poller = NewPoller(/*check_closed=*/true);
  PipeFds pipe = Pipe().value();
  Sleeper client(*poller, pipe.read_end.get());
  pipe.read_end.reset();
  EXPECT_EQ(examples::Run(*poller, {&client}).code(),
            absl::StatusCode::kInternal);
}

std::string Name(const testing::TestParamInfo<Backend>& info) {
  return std::string(BackendName(info.param));
}

INSTANTIATE_TEST_SUITE_P(EachBackend, LoopTest,
                         testing::ValuesIn(SupportedBackends().begin(),
                                           SupportedBackends().end()),
                         Name);

}  // namespace
}  // namespace isopoll::examples
