// The select backend on a kernel that follows a script, or is looked at.

#include "tests/poller/scripted_select.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "isopoll/interest.h"
#include "isopoll/net/pairs.h"
#include "isopoll/net/unique_fd.h"
#include "isopoll/poller.h"

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
  ScriptedSelectTest() {
    select_script = &script_;
    poller_ = NewScriptedSelectPoller();
  }
  ~ScriptedSelectTest() override {
    poller_.reset();
    select_script = nullptr;
  }

  std::vector<absl::Duration> Timeouts() const {
    std::vector<absl::Duration> timeouts;
    for (const auto& asked : script_.asked) timeouts.push_back(asked.timeout);
    return timeouts;
  }

  void Add(int fd, Interest interest) {
    ASSERT_TRUE(poller_->Add(fd, interest, 0).ok());
  }

  std::vector<int> Wait(absl::Duration timeout, size_t room = 8) {
    std::vector<Event> events(room);
    const auto result = poller_->Wait(absl::MakeSpan(events), timeout);
    EXPECT_TRUE(result.ok()) << result.status();
    std::vector<int> fds;
    for (size_t i = 0; result.ok() && i < result->count; ++i) {
      fds.push_back(events[i].fd());
    }
    return fds;
  }

  // What the kernel is asked in a look.
  SelectScript::Asked Asked() {
    script_.asked.clear();
    Wait(absl::ZeroDuration());
    return script_.asked.empty() ? SelectScript::Asked()
                                 : script_.asked.front();
  }

  SelectScript script_;
  std::unique_ptr<Poller> poller_;
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
  script_.answers = {[] { return 1; }};
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
  script_.answers = {[] { return Fail(EBADF); }};
  EXPECT_THAT(Wait(absl::ZeroDuration()), ElementsAre(pipe.read_end.get()));
  EXPECT_THAT(script_.asked, SizeIs(2));
}

TEST_F(ScriptedSelectTest, NothingIsFoundByACallThatWasInterrupted) {
  PipeFds pipe = Pipe().value();
  ASSERT_TRUE(poller_->Add(pipe.read_end.get(), kReadable, 0).ok());
  script_.answers = {[] { return Fail(EINTR); },
                     [this] {
                       poller_->Wakeup();
                       return Fail(EINTR);
                     }};
  EXPECT_THAT(Wait(absl::InfiniteDuration()), IsEmpty());
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
  EXPECT_THAT(Timeouts(), AllOf(SizeIs(Gt(1u)), Each(Le(kOften))));

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

TEST_F(ScriptedSelectTest, WaitTellsWhatTheKernelHasAgainstIt) {
  script_.answers = {[] { return Fail(ENOMEM); }};
  Event event;
  EXPECT_EQ(poller_->Wait(absl::MakeSpan(&event, 1), absl::ZeroDuration())
                .status()
                .code(),
            absl::StatusCode::kResourceExhausted);
}

// The kernel goes through all that it is shown.
// Where a set ends that reaches to `fd`: with a word of the kernel's.
int EndWith(int fd) {
  constexpr int kWord = 8 * sizeof(long);
  return (fd / kWord + 1) * kWord;
}

TEST_F(ScriptedSelectTest, ShowsNoMoreThanIsWatched) {
  const UniqueFd idle = std::move(Pipe().value().read_end);
  const UniqueFd high(::fcntl(idle.get(), F_DUPFD, 200));
  const UniqueFd higher(::fcntl(idle.get(), F_DUPFD, 300));
  const int low_end = Asked().end;
  EXPECT_LE(low_end, 192);
  for (const Interest interest : {kReadable, kWritable, kPriority}) {
    Add(higher.get(), interest);
    EXPECT_EQ(Asked().end, EndWith(higher.get()));
    EXPECT_EQ(Asked().write, interest == kWritable);
    EXPECT_EQ(Asked().except, interest == kPriority);
    ASSERT_TRUE(poller_->Remove(higher.get()).ok());
    EXPECT_EQ(Asked().end, low_end);
    EXPECT_FALSE(Asked().write);
    EXPECT_FALSE(Asked().except);
    // Nor less, when others go.
    Add(high.get(), interest);
    for (const Interest other : {kReadable, kWritable, kPriority}) {
      Add(higher.get(), other);
      ASSERT_TRUE(poller_->Remove(higher.get()).ok());
      EXPECT_EQ(Asked().end, EndWith(high.get()));
    }
    ASSERT_TRUE(poller_->Remove(high.get()).ok());
  }
}

// The kernel's answer is in the set that it was asked by.
TEST_F(ScriptedSelectTest, EachCallAsksForAll) {
  PipeFds pipe = Pipe().value();
  const int writer = pipe.write_end.get();
  std::vector<char> much(1 << 20);
  const ssize_t written = ::write(writer, much.data(), much.size());
  ASSERT_GT(written, 0);
  SocketPairFds pair = TcpPair().value();
  const int urgent = pair.first.get();
  Add(writer, kWritable);
  Add(urgent, kPriority);
  EXPECT_THAT(Wait(absl::ZeroDuration()), IsEmpty());
  EXPECT_EQ(::read(pipe.read_end.get(), much.data(), much.size()), written);
  EXPECT_THAT(Wait(absl::ZeroDuration()), ElementsAre(writer));
  ASSERT_EQ(::send(pair.second.get(), "x", 1, MSG_OOB), 1);
  while (Wait(absl::ZeroDuration()).size() < 2) {
  }
}

TEST_F(ScriptedSelectTest, AWakeUpIsTakenOnce) {
  script_.meanwhile = [this] { poller_->Wakeup(); };
  EXPECT_THAT(Wait(absl::InfiniteDuration()), IsEmpty());
  script_.asked.clear();
  EXPECT_THAT(Wait(absl::Milliseconds(20)), IsEmpty());
  EXPECT_THAT(script_.asked, SizeIs(Le(2u)));
}

// Zero is a number like others.
TEST_F(ScriptedSelectTest, NumberZeroTakesItsTurn) {
  PipeFds pipe = Pipe().value();
  ASSERT_EQ(::write(pipe.write_end.get(), "x", 1), 1);
  const UniqueFd saved(::dup(0));
  ASSERT_EQ(::dup2(pipe.read_end.get(), 0), 0);
  Add(0, kReadable);
  Add(pipe.read_end.get(), kReadable);
  for (int i = 0; i < 2; ++i) {
    EXPECT_THAT(Wait(absl::ZeroDuration(), 1), ElementsAre(0));
    EXPECT_THAT(Wait(absl::ZeroDuration(), 1),
                ElementsAre(pipe.read_end.get()));
  }
  ::close(0);
  for (int i = 0; i < 2; ++i) {
    EXPECT_THAT(Wait(absl::ZeroDuration(), 1),
                ElementsAre(pipe.read_end.get()));
  }
  EXPECT_TRUE(poller_->Remove(0).ok());
  if (saved) ::dup2(saved.get(), 0);
}

// The first of a word, after one further on in the word before.
TEST_F(ScriptedSelectTest, AllWordsAreSearched) {
  PipeFds pipe = Pipe().value();
  ASSERT_EQ(::write(pipe.write_end.get(), "x", 1), 1);
  const UniqueFd high(::fcntl(pipe.read_end.get(), F_DUPFD, 256));
  ASSERT_EQ(high.get(), 256);
  Add(pipe.read_end.get(), kReadable);
  Add(high.get(), kReadable);
  EXPECT_THAT(Wait(absl::ZeroDuration()),
              ElementsAre(pipe.read_end.get(), high.get()));
}

// It is a directory by now: select calls it readable.
TEST_F(ScriptedSelectTest, AWakeUpThatIsAnothersIsAnError) {
  const UniqueFd directory(::open("/", O_RDONLY | O_DIRECTORY));
  ASSERT_EQ(::dup2(directory.get(), script_.wakeup), script_.wakeup);
  Event event;
  EXPECT_EQ(poller_->Wait(absl::MakeSpan(&event, 1), absl::InfiniteDuration())
                .status()
                .code(),
            absl::StatusCode::kInternal);
}

TEST_F(ScriptedSelectTest, WhatIsClosedIsNotAdded) {
  const int closed = ::dup(0);
  ::close(closed);
  EXPECT_EQ(poller_->Add(closed, kReadable, 0).code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(poller_->size(), 0u);
}

TEST_F(ScriptedSelectTest, WhatIsClosedIsAskedForOnce) {
  PipeFds pipe = Pipe().value();
  Add(pipe.read_end.get(), kReadable);
  const int closed = ::dup(pipe.write_end.get());
  Add(closed, kWritable);
  ::close(closed);
  EXPECT_THAT(Wait(absl::ZeroDuration()), IsEmpty());
  EXPECT_THAT(script_.asked, SizeIs(2));
}

TEST_F(ScriptedSelectTest, WhatIsWatchedForNothingWakesNobody) {
  PipeFds pipe = Pipe().value();
  script_.meanwhile = [&] { Add(pipe.read_end.get(), kNone); };
  EXPECT_THAT(Wait(absl::Milliseconds(20)), IsEmpty());
  EXPECT_THAT(script_.asked, SizeIs(1));
}

// R10, though the kernel works on a copy of the sets.
TEST_F(ScriptedSelectTest, ASleeperTakesUpWhatChanges) {
  PipeFds pipe = Pipe().value();
  ASSERT_EQ(::write(pipe.write_end.get(), "x", 1), 1);
  const int fd = pipe.read_end.get();
  script_.meanwhile = [&] { Add(fd, kReadable); };
  EXPECT_THAT(Wait(absl::InfiniteDuration()), ElementsAre(fd));
  for (const Interest before : {kWritable, kNone}) {
    ASSERT_TRUE(poller_->Modify(fd, before, 0).ok());
    script_.meanwhile = [&] {
      EXPECT_TRUE(poller_->Modify(fd, kReadable, 0).ok());
    };
    EXPECT_THAT(Wait(absl::InfiniteDuration()), ElementsAre(fd));
  }
}

// R11: the kernel works on a copy of the sets, with the descriptor in it.
TEST_F(ScriptedSelectTest, RemoveAwaitsTheEndOfTheCall) {
  PipeFds pipe = Pipe().value();
  Add(pipe.read_end.get(), kReadable);
  std::thread remover;
  std::atomic<bool> removed{false};
  bool removed_meanwhile = false;
  script_.answers = {[&] {
    remover = std::thread([&] {
      EXPECT_TRUE(poller_->Remove(pipe.read_end.get()).ok());
      removed = true;
    });
    // It has done all but to wait.
    while (poller_->size() > 0) std::this_thread::yield();
    for (const absl::Time end = absl::Now() + absl::Milliseconds(5);
         absl::Now() < end;) {
      std::this_thread::yield();
    }
    removed_meanwhile = removed;
    return 0;
  }};
  EXPECT_THAT(Wait(absl::Milliseconds(1)), IsEmpty());
  remover.join();
  EXPECT_FALSE(removed_meanwhile);
}

// A look that takes long leaves the lock to others.
TEST_F(ScriptedSelectTest, OthersAreServedWhileALookTakesLong) {
  const PipeFds pipe = Pipe().value();
  std::vector<UniqueFd> many;
  while (poller_->size() <= 64) {
    many.emplace_back(::dup(pipe.read_end.get()));
    Add(many.back().get(), kReadable);
  }
  script_.meanwhile = [&] { Add(pipe.read_end.get(), kReadable); };
  EXPECT_THAT(Wait(absl::ZeroDuration()), IsEmpty());
  EXPECT_EQ(poller_->size(), 66u);
  ASSERT_EQ(::write(pipe.write_end.get(), "x", 1), 1);
  EXPECT_THAT(Wait(absl::ZeroDuration(), /*room=*/100), SizeIs(66));
}

}  // namespace
}  // namespace isopoll
