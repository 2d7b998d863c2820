// R5: what fits is returned whole; what does not, in turn.

#include <cstddef>
#include <deque>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "isopoll/event.h"
#include "isopoll/interest.h"
#include "isopoll/net/unique_fd.h"
#include "isopoll/poller.h"
#include "tests/conformance/descriptors.h"
#include "tests/conformance/kernel_expectations.h"
#include "tests/conformance/matchers.h"
#include "tests/conformance/poller_test_base.h"

namespace isopoll {
namespace {

using testing::ContainerEq;

class FairnessTest : public PollerTest {
 protected:
  void AddReady(UniqueFd fd, Interest interest) {
    ASSERT_THAT(poller().Add(fd.get(), interest, fd.get()), IsOk());
    ready_.insert(fd.get());
    keep_.push_back(std::move(fd));
  }

  void AddSilent(UniqueFd fd, Interest interest) {
    ASSERT_THAT(poller().Add(fd.get(), interest, fd.get()), IsOk());
    keep_.push_back(std::move(fd));
  }

  void AddReadablePipes(int count) {
    for (int i = 0; i < count; ++i) {
      Ends pipe = NewReadablePipe();
      keep_.push_back(std::move(pipe.peer));
      AddReady(std::move(pipe.fd), kReadable);
    }
  }

  void AddAlwaysReadyFiles() {
    for (UniqueFd& file : NewAlwaysReadyFiles()) {
      AddReady(std::move(file), kReadable);
    }
  }

  // Registrations that must neither be reported nor take anyone's turn.
  void AddSilentOnes() {
    for (int i = 0; i < 4; ++i) {
      AddSilent(NewHungUpPipe(), kNeverOfReadEnd);
      AddSilent(NewHungUpPipe(), kNone);
      Ends idle = NewPipe();
      keep_.push_back(std::move(idle.peer));
      AddSilent(std::move(idle.fd), kReadable);
    }
  }

  // What one Wait with room for `room` reports, each at most once.
  std::set<int> Report(size_t room, bool wake = false) {
    if (wake) poller().Wakeup();
    const Waited waited = WaitOn(poller(), absl::ZeroDuration(), room);
    EXPECT_EQ(waited.woken, wake);
    std::set<int> fds;
    for (const Event& event : waited.events) fds.insert(event.fd());
    EXPECT_EQ(fds.size(), waited.events.size());
    return fds;
  }

  // Expects any ceil(ready / room) Waits in a row, of many, to report all.
  void ExpectFair(size_t room, bool wake = false) {
    SCOPED_TRACE(absl::StrCat("room ", room));
    const size_t turn = (ready_.size() + room - 1) / room;
    std::deque<std::set<int>> last;
    for (size_t i = 0; i < 3 * turn + 2; ++i) {
      last.push_back(Report(room, wake));
      ASSERT_NO_FATAL_FAILURE(ExpectAllIn(&last, turn)) << "Wait number " << i;
    }
  }

  // Expects the last `turn` of the reports, of which others are forgotten, to
  // have all; of fewer it expects nothing.
  void ExpectAllIn(std::deque<std::set<int>>* reports, size_t turn) {
    if (reports->size() > turn) reports->pop_front();
    if (reports->size() < turn) return;
    std::set<int> seen;
    for (const std::set<int>& fds : *reports) {
      seen.insert(fds.begin(), fds.end());
    }
    ASSERT_THAT(seen, ContainerEq(ready_));
  }

  void ExpectFairWithAnyRoom(bool wake = false) {
    for (size_t room = 1; room <= ready_.size() + 1; ++room) {
      ExpectFair(room, wake);
    }
    for (size_t room = ready_.size(); room > 0; --room) ExpectFair(room, wake);
  }

  const std::set<int>& ready() const { return ready_; }
  void Forget(int fd) { ready_.erase(fd); }

 private:
  std::set<int> ready_;
  std::vector<UniqueFd> keep_;
};

TEST_P(FairnessTest, AllAreReturnedIfTheyFit) {
  AddReadablePipes(50);
  AddSilentOnes();
  for (int i = 0; i < 3; ++i) {
    EXPECT_THAT(Report(50), ContainerEq(ready()));
    EXPECT_THAT(Report(1000), ContainerEq(ready()));
  }
}

TEST_P(FairnessTest, AllAreReturnedIfTheyFitThoughWoken) {
  AddReadablePipes(10);
  AddAlwaysReadyFiles();
  AddSilentOnes();
  for (int i = 0; i < 3; ++i) {
    EXPECT_THAT(Report(ready().size(), /*wake=*/true), ContainerEq(ready()));
  }
}

TEST_P(FairnessTest, EachInTurnIfNot) {
  AddReadablePipes(13);
  ExpectFairWithAnyRoom();
}

TEST_P(FairnessTest, EachInTurnBesideSilentOnes) {
  AddReadablePipes(5);
  AddSilentOnes();
  AddReadablePipes(6);
  ExpectFairWithAnyRoom();
}

TEST_P(FairnessTest, EachInTurnAmongAlwaysReadyFiles) {
  AddReadablePipes(3);
  AddAlwaysReadyFiles();
  AddReadablePipes(4);
  AddSilentOnes();
  ExpectFairWithAnyRoom();
}

TEST_P(FairnessTest, AlwaysReadyFilesAloneInTurn) {
  if (!kWatchesFiles) GTEST_SKIP() << "only sockets can be watched here";
  AddAlwaysReadyFiles();
  AddAlwaysReadyFiles();
  ExpectFairWithAnyRoom();
}

TEST_P(FairnessTest, EachInTurnThoughWoken) {
  AddReadablePipes(5);
  AddAlwaysReadyFiles();
  ExpectFairWithAnyRoom(/*wake=*/true);
}

// What was in the middle of a turn leaves; the others keep theirs.
TEST_P(FairnessTest, EachInTurnAfterRemove) {
  AddReadablePipes(9);
  AddAlwaysReadyFiles();
  for (int fd : std::set<int>(ready())) {
    if (ready().size() < 4) break;
    Report(/*room=*/2);
    ASSERT_THAT(poller().Remove(fd), IsOk());
    Forget(fd);
    ExpectFair(/*room=*/1);
    ExpectFair(/*room=*/3);
  }
}

TEST_P(FairnessTest, HundredsThroughRoomForOne) {
  AddReadablePipes(300);
  std::set<int> seen;
  for (int i = 0; i < 300; ++i) seen.merge(Report(/*room=*/1));
  EXPECT_THAT(seen, ContainerEq(ready()));
}

// One that takes the place of one that goes must not lose its own turn.
TEST_P(FairnessTest, HoldsThoughOthersAreRemoved) {
  std::vector<Ends> idle;
  for (int i = 0; i < 40; ++i) {
    idle.push_back(NewPipe());
    ASSERT_THAT(poller().Add(idle.back().get(), kReadable, 0), IsOk());
    if (i % 3 == 0) AddReadablePipes(1);
  }
  std::deque<std::set<int>> reports;
  for (size_t i = 0; i < idle.size(); ++i) {
    // From the middle, and from both ends.
    const size_t next = (i * 17) % idle.size();
    ASSERT_THAT(poller().Remove(idle[next].get()), IsOk());
    reports.push_back(Report(5));
    ASSERT_NO_FATAL_FAILURE(ExpectAllIn(&reports, /*turn=*/3)) << i;
  }
}

TEST_P(FairnessTest, HoldsThoughAOneShotIsUsedUp) {
  std::vector<Ends> pipes;
  std::set<int> all;
  for (int i = 0; i < 8; ++i) {
    pipes.push_back(NewReadablePipe());
    const int fd = pipes.back().get();
    ASSERT_THAT(poller().Add(fd, kReadable, fd,
                             i == 2 ? Trigger::kOneShot : Trigger::kLevel),
                IsOk());
    all.insert(fd);
  }
  std::set<int> seen;
  for (int i = 0; i < 3; ++i) seen.merge(Report(3));
  EXPECT_THAT(seen, ContainerEq(all));
}

ISOPOLL_ON_EVERY_KIND(FairnessTest);

}  // namespace
}  // namespace isopoll
