// The select backend on a kernel that follows a script, or is looked at.

#include "tests/poller/scripted_select.h"

#include <sys/select.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <vector>

#include "absl/time/time.h"
#include "absl/types/span.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "net/pairs.h"
#include "poller/interest.h"
#include "poller/poller.h"

namespace isopoll {
namespace {

using ::testing::AllOf;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::Gt;
using ::testing::IsEmpty;
using ::testing::Le;
using ::testing::SizeIs;

int Fail(int error) {
  errno = error;
  return -1;
}

class ScriptedSelectTest : public testing::Test {
 protected:
  ScriptedSelectTest() { select_script = &script_; }
  ~ScriptedSelectTest() override { select_script = nullptr; }

  std::vector<absl::Duration> Timeouts() const {
    std::vector<absl::Duration> timeouts;
    for (const auto& asked : script_.asked) timeouts.push_back(asked.timeout);
    return timeouts;
  }

  std::vector<int> Wait(absl::Duration timeout) {
    Event events[8];
    const auto result = poller_->Wait(absl::MakeSpan(events), timeout);
    EXPECT_TRUE(result.ok()) << result.status();
    std::vector<int> fds;
    for (size_t i = 0; result.ok() && i < result->count; ++i) {
      fds.push_back(events[i].fd());
    }
    return fds;
  }

  SelectScript script_;
  const std::unique_ptr<Poller> poller_ = NewScriptedSelectPoller();
};

// Linux passes over numbers beyond its table, which are closed, and leaves
// their bits: they are told by there being more bits than it counted.
TEST_F(ScriptedSelectTest, BitsThatWereNotCountedMeanNothing) {
  PipeFds idle = Pipe().value();
  PipeFds ready = Pipe().value();
  ASSERT_EQ(::write(ready.write_end.get(), "x", 1), 1);
  const int closed = ::dup(idle.read_end.get());
  for (const int fd : {idle.read_end.get(), ready.read_end.get(), closed}) {
    ASSERT_TRUE(poller_->Add(fd, kReadable, 0).ok());
  }
  ::close(closed);
  // All bits stay, of which one was counted.
  script_.answers = {[](fd_set*) { return 1; }};
  EXPECT_THAT(Wait(absl::ZeroDuration()), ElementsAre(ready.read_end.get()));
  EXPECT_THAT(script_.asked, SizeIs(2));
  // The closed one is watched no more.
  EXPECT_THAT(Wait(absl::ZeroDuration()), ElementsAre(ready.read_end.get()));
  EXPECT_THAT(script_.asked, SizeIs(3));
}

// It was closed when select looked, and is open by now.
TEST_F(ScriptedSelectTest, LooksAgainWhenAllAreOpen) {
  PipeFds pipe = Pipe().value();
  ASSERT_EQ(::write(pipe.write_end.get(), "x", 1), 1);
  ASSERT_TRUE(poller_->Add(pipe.read_end.get(), kReadable, 0).ok());
  script_.answers = {[](fd_set*) { return Fail(EBADF); }};
  EXPECT_THAT(Wait(absl::ZeroDuration()), ElementsAre(pipe.read_end.get()));
  EXPECT_THAT(script_.asked, SizeIs(2));
}

TEST_F(ScriptedSelectTest, NothingIsFoundByACallThatWasInterrupted) {
  PipeFds pipe = Pipe().value();
  ASSERT_TRUE(poller_->Add(pipe.read_end.get(), kReadable, 0).ok());
  script_.answers = {[](fd_set*) { return Fail(EINTR); }};
  EXPECT_THAT(Wait(absl::Milliseconds(1)), IsEmpty());
  EXPECT_THAT(script_.asked, SizeIs(2));
}

// Linux's select does not wake for an entry in the error queue of what is
// watched for priority alone.
TEST_F(ScriptedSelectTest, LooksOftenWhileAnyIsWatchedForPriorityAlone) {
  constexpr absl::Duration kWhile = absl::Milliseconds(120);
  constexpr absl::Duration kOften = absl::Milliseconds(50);
  SocketPairFds pair = TcpPair().value();
  const int fd = pair.first.get();
  ASSERT_TRUE(poller_->Add(fd, kPriority, 0).ok());
  EXPECT_THAT(Wait(kWhile), IsEmpty());
  EXPECT_THAT(Timeouts(), AllOf(SizeIs(Gt(2u)), Each(Le(kOften))));

  for (const Interest others : {kPriority | kReadable, kReadable, kNone}) {
    ASSERT_TRUE(poller_->Modify(fd, others, 0).ok());
    script_.asked.clear();
    EXPECT_THAT(Wait(kWhile), IsEmpty());
    EXPECT_THAT(script_.asked.front().timeout, Gt(kOften));
  }
  ASSERT_TRUE(poller_->Modify(fd, kPriority, 0).ok());
  ASSERT_TRUE(poller_->Remove(fd).ok());
  script_.asked.clear();
  EXPECT_THAT(Wait(kWhile), IsEmpty());
  EXPECT_THAT(script_.asked.front().timeout, Gt(kOften));
}

}  // namespace
}  // namespace isopoll
