// How the kernels' kqueues behave, whatever they watch.

#include <fcntl.h>
#include <sys/event.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <ctime>
#include <set>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "isopoll/net/unique_fd.h"
#include "tests/kqueue_standin/standin.h"
#include "tests/kqueue_standin/testing.h"

namespace isopoll::kqueue_standin {
namespace {

class FactsTest : public testing::TestWithParam<Personality> {
 protected:
  bool IsMacos() const { return GetParam() == Personality::kMacos; }
  bool IsFreebsd() const { return GetParam() == Personality::kFreebsd; }
  bool IsNetbsd() const { return GetParam() == Personality::kNetbsd; }

  int Do(const struct kevent& change) { return Apply(kq_.get(), change); }
  int Do(int fd, int filter, int flags) {
    return Do(Change(fd, filter, flags));
  }

  // The change's answer, with EV_RECEIPT.
  struct kevent Receipt(struct kevent change) {
    change.flags |= EV_RECEIPT;
    struct kevent receipt = {};
    EXPECT_EQ(::kevent(kq_.get(), &change, 1, &receipt, 1, nullptr), 1);
    return receipt;
  }

  std::vector<struct kevent> Taken() { return Take(kq_.get()); }

  const UniqueFd kq_ = NewQueue(GetParam());
};

TEST_P(FactsTest, OnlyMacosQueuesAreCloseOnExecByThemselves) {
  EXPECT_EQ(::fcntl(kq_.get(), F_GETFD) == FD_CLOEXEC, IsMacos());
}

TEST_P(FactsTest, AKernelHasTheFiltersItHas) {
  Scene scene("tcp a b");
  const int a = scene.Fd("a");
  EXPECT_EQ(Do(a, EVFILT_EXCEPT, EV_ADD), IsMacos() ? 0 : EINVAL);
  EXPECT_EQ(Do(1, EVFILT_USER, EV_ADD), IsNetbsd() ? EINVAL : 0);
  EXPECT_EQ(Do(a, /*EVFILT_VNODE*/ -4, EV_ADD), EINVAL);
}

TEST_P(FactsTest, AReceiptHasNoDataWhenTheChangeIsMade) {
  Scene scene("tcp a b");
  const struct kevent receipt =
      Receipt(Change(scene.Fd("a"), EVFILT_READ, EV_ADD));
  EXPECT_EQ(receipt.flags, IsMacos() ? 0x4041 : 0x4000);
  EXPECT_EQ(receipt.data, 0);
}

TEST_P(FactsTest, AReceiptKeepsEventsForTheNextCall) {
  Scene scene("tcp a b");
  struct kevent change =
      Change(scene.Fd("a"), EVFILT_WRITE, EV_ADD | EV_RECEIPT);
  struct kevent events[2];
  EXPECT_EQ(::kevent(kq_.get(), &change, 1, events, 2, nullptr), 1);
  EXPECT_EQ(Words(Taken()), "W");
}

TEST_P(FactsTest, ABadChangeIsAnEventWhileThereIsRoom) {
  Scene scene("tcp a b");
  const int a = scene.Fd("a");
  const struct kevent changes[] = {
      Change(a, EVFILT_WRITE, EV_DELETE), Change(a, EVFILT_READ, EV_ADD),
      Change(a, EVFILT_WRITE, EV_DELETE), Change(a, EVFILT_WRITE, EV_ADD)};
  struct kevent event;
  EXPECT_EQ(::kevent(kq_.get(), changes, 2, &event, 1, nullptr), 1);
  EXPECT_EQ(event.flags, IsMacos() ? EV_ERROR | EV_DELETE : EV_ERROR);
  EXPECT_EQ(event.data, ENOENT);
  // There was no room, and what comes after it is not done.
  EXPECT_EQ(::kevent(kq_.get(), &changes[2], 2, nullptr, 0, nullptr), -1);
  EXPECT_EQ(errno, ENOENT);
  EXPECT_EQ(Do(a, EVFILT_READ, EV_DELETE), 0);
  EXPECT_EQ(Do(a, EVFILT_WRITE, EV_DELETE), ENOENT);
}

TEST_P(FactsTest, AddingAgainReplacesUdataAndDoesNotEnable) {
  Scene scene("tcp a b");
  struct kevent change = Change(scene.Fd("a"), EVFILT_WRITE, EV_ADD);
  int first, second;
  change.udata = &first;
  ASSERT_EQ(Do(change), 0);
  ASSERT_EQ(Do(scene.Fd("a"), EVFILT_WRITE, EV_DISABLE), 0);
  change.udata = &second;
  ASSERT_EQ(Do(change), 0);
  EXPECT_EQ(Words(Taken()), "-");
  ASSERT_EQ(Do(scene.Fd("a"), EVFILT_WRITE, EV_ENABLE), 0);
  const std::vector<struct kevent> events = Taken();
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].udata, &second);
}

TEST_P(FactsTest, WhatReArmsADispatchedFilter) {
  Scene scene("tcp a b");
  const int a = scene.Fd("a");
  ASSERT_EQ(Do(a, EVFILT_WRITE, EV_ADD | EV_DISPATCH), 0);
  EXPECT_EQ(Words(Taken()), "W");
  EXPECT_EQ(Words(Taken()), "-");
  ASSERT_EQ(Do(a, EVFILT_WRITE, EV_ENABLE | EV_DISPATCH), 0);
  EXPECT_EQ(Words(Taken()), IsNetbsd() ? "-" : "W");
  ASSERT_EQ(Do(a, EVFILT_WRITE, EV_ADD | EV_DISPATCH), 0);
  EXPECT_EQ(Words(Taken()), IsNetbsd() ? "W" : "-");
  ASSERT_EQ(Do(a, EVFILT_WRITE, EV_ADD | EV_ENABLE | EV_DISPATCH), 0);
  EXPECT_EQ(Words(Taken()), "W");
}

TEST_P(FactsTest, AddingAgainDoesNotTakeFlags) {
  Scene scene("tcp a b");
  const int a = scene.Fd("a");
  ASSERT_EQ(Do(a, EVFILT_WRITE, EV_ADD), 0);
  for (const int flag : {EV_ONESHOT, EV_CLEAR}) {
    ASSERT_EQ(Do(a, EVFILT_WRITE, EV_ADD | flag), 0);
    EXPECT_EQ(Words(Taken()), "W");
    EXPECT_EQ(Words(Taken()), "W");
  }
}

TEST_P(FactsTest, OneShotDeletesItsFilterAlone) {
  Scene scene("tcp a b; send b 1");
  const int a = scene.Fd("a");
  ASSERT_EQ(Do(a, EVFILT_WRITE, EV_ADD | EV_ONESHOT), 0);
  ASSERT_EQ(Do(a, EVFILT_READ, EV_ADD), 0);
  EXPECT_EQ(Words(Taken()), "R W");
  EXPECT_EQ(Words(Taken()), "R");
  EXPECT_EQ(Do(a, EVFILT_WRITE, EV_DELETE), ENOENT);
}

TEST_P(FactsTest, AOneShotEventMayBeStale) {
  Scene scene("tcp a b; send b 1");
  ASSERT_EQ(Do(scene.Fd("a"), EVFILT_READ, EV_ADD | EV_ONESHOT), 0);
  scene.Do("recv a 1");
  EXPECT_EQ(Words(Taken()), IsMacos() ? "-" : "R");
}

TEST_P(FactsTest, ClearReportsEachChangeOnce) {
  Scene scene("tcp a b; send b 1");
  ASSERT_EQ(Do(scene.Fd("a"), EVFILT_READ, EV_ADD | EV_CLEAR), 0);
  EXPECT_EQ(Words(Taken()), "R");
  EXPECT_EQ(Words(Taken()), "-");
  scene.Do("send b 1");
  EXPECT_EQ(Words(Taken()), "R");
  EXPECT_EQ(Words(Taken()), "-");
}

TEST_P(FactsTest, ALevelIsReportedWhileItHolds) {
  Scene scene("tcp a b; send b 1");
  ASSERT_EQ(Do(scene.Fd("a"), EVFILT_READ, EV_ADD), 0);
  EXPECT_EQ(Words(Taken()), "R");
  EXPECT_EQ(Words(Taken()), "R");
  scene.Do("recv a 1");
  EXPECT_EQ(Words(Taken()), "-");
}

TEST_P(FactsTest, NoRoomIsNoSleep) {
  EXPECT_EQ(::kevent(kq_.get(), nullptr, 0, nullptr, 0, nullptr), 0);
}

TEST_P(FactsTest, RoomForOneGoesRound) {
  Scene scene("tcp a b; tcp c d; send b 1; send d 1");
  std::set<std::pair<uintptr_t, int>> all;
  for (const char* name : {"a", "b", "c", "d"}) {
    for (const int filter : {EVFILT_READ, EVFILT_WRITE}) {
      ASSERT_EQ(Do(scene.Fd(name), filter, EV_ADD), 0);
    }
  }
  constexpr size_t kReady = 6;  // a and c are readable
  for (int round = 0; round < 3; ++round) {
    std::set<std::pair<uintptr_t, int>> seen;
    for (size_t i = 0; i < kReady; ++i) {
      const std::vector<struct kevent> event = Take(kq_.get(), 1);
      ASSERT_EQ(event.size(), 1u);
      seen.emplace(event[0].ident, event[0].filter);
    }
    EXPECT_EQ(seen.size(), kReady);
  }
}

TEST_P(FactsTest, WhatIsNotThere) {
  Scene scene("tcp a b");
  const int a = scene.Fd("a");
  EXPECT_EQ(Do(a, EVFILT_READ, EV_DELETE), ENOENT);
  EXPECT_EQ(Do(a, EVFILT_READ, EV_ENABLE), ENOENT);
  ASSERT_EQ(Do(a, EVFILT_READ, EV_ADD), 0);
  scene.Do("close a");
  EXPECT_EQ(Do(a, EVFILT_READ, EV_DELETE), IsMacos() ? ENOENT : EBADF);
  EXPECT_EQ(Do(a, EVFILT_READ, EV_ADD), EBADF);
  EXPECT_EQ(Do(-1, EVFILT_READ, EV_ADD), EBADF);
}

TEST_P(FactsTest, ErrorsStayUnread) {
  Scene scene("tcp_socket l; bind l; tcp_socket c; connect c l");
  for (const int filter : {EVFILT_READ, EVFILT_WRITE}) {
    ASSERT_EQ(Do(scene.Fd("c"), filter, EV_ADD), 0);
  }
  for (const struct kevent& event : Taken()) {
    EXPECT_EQ(event.fflags, 61u);  // a BSD's ECONNREFUSED
  }
  scene.Do("take_error c");  // fails if there is none
  EXPECT_EQ(Words(Taken()), "R+E W+E");
  for (const struct kevent& event : Taken()) EXPECT_EQ(event.fflags, 0u);
}

TEST_P(FactsTest, DataCounts) {
  Scene scene(
      "tcp a b; send b 3; shutdown b w; udp c d; send d 0; file f; "
      "tcp_listener l; tcp_socket x; connect x l; tcp_socket y; connect y l");
  const auto data_of = [&](const char* name) {
    const int fd = scene.Fd(name);
    EXPECT_EQ(Do(fd, EVFILT_READ, EV_ADD), 0);
    const std::vector<struct kevent> events = Taken();
    EXPECT_EQ(Words(events).substr(0, 1), "R") << name;
    EXPECT_EQ(Do(fd, EVFILT_READ, EV_DELETE), 0);
    return events.empty() ? -1 : events[0].data;
  };
  EXPECT_EQ(data_of("a"), 3);
  EXPECT_EQ(data_of("l"), 2);
  EXPECT_EQ(data_of("c"), IsNetbsd() ? 16 : 0);
  scene.Do("recv a 3");
  EXPECT_EQ(data_of("a"), 0);
  // A file is ready while its offset is not its size.
  ASSERT_EQ(::pwrite(scene.Fd("f"), "xyz", 3, 0), 3);
  EXPECT_EQ(data_of("f"), 3);
}

TEST_P(FactsTest, AListenerShutDownIsSilentOnNetbsdAndFreebsd) {
  Scene scene("tcp_listener l");
  for (const int filter : {EVFILT_READ, EVFILT_WRITE}) {
    ASSERT_EQ(Do(scene.Fd("l"), filter, EV_ADD), 0);
  }
  scene.Do("shutdown l r");
  EXPECT_EQ(Words(Taken()), IsNetbsd()    ? "W+E"
                            : IsFreebsd() ? "R+E"
                                          : "R+E W+E");
}

TEST_P(FactsTest, AWriteFilterIsDroppedWithAPipesEndOnFreebsd) {
  Scene scene("pipe r w");
  ASSERT_EQ(Do(scene.Fd("w"), EVFILT_WRITE, EV_ADD), 0);
  scene.Do("close r");
  const std::vector<struct kevent> events = Taken();
  ASSERT_EQ(Words(events), "W+E");
  EXPECT_EQ((events[0].flags & EV_ONESHOT) != 0, IsFreebsd());
  EXPECT_EQ(Words(Taken()), IsFreebsd() ? "-" : "W+E");
}

TEST_P(FactsTest, AFullFifoIsWritableOnNetbsd) {
  Scene scene("fifo r; reopen r w w; fill w");
  ASSERT_EQ(Do(scene.Fd("w"), EVFILT_WRITE, EV_ADD), 0);
  EXPECT_EQ(Words(Taken()), IsNetbsd() ? "W+E" : "-");
}

TEST_P(FactsTest, AMastersEndStaysOnMacos) {
  Scene scene("pty m s");
  for (const int filter : {EVFILT_READ, EVFILT_WRITE}) {
    ASSERT_EQ(Do(scene.Fd("m"), filter, EV_ADD), 0);
  }
  EXPECT_EQ(Words(Taken()), "W");
  scene.Do("close s");
  EXPECT_EQ(Words(Taken()), IsNetbsd() ? "-" : "R+E W+E");
  scene.Do("open_slave m t");
  if (!IsNetbsd()) {
    EXPECT_EQ(Words(Taken()), IsMacos() ? "R+E W+E" : "W");
  }
  // One that is new knows nothing of it.
  for (const int filter : {EVFILT_READ, EVFILT_WRITE}) {
    ASSERT_EQ(Do(scene.Fd("m"), filter, EV_DELETE), 0);
    ASSERT_EQ(Do(scene.Fd("m"), filter, EV_ADD), 0);
  }
  EXPECT_EQ(Words(Taken()), "W");
}

// What the peer of a Unix-domain datagram socket does to it no kernel tells
// who waits. (Linux has such an error when the peer turns
// to another, and loses what we sent.)
TEST_P(FactsTest, ADatagramSocketsErrorGoesUnheard) {
  Scene scene("unix a b dgram; send a 1; unix_socket c dgram; bind c");
  ASSERT_EQ(Do(scene.Fd("a"), EVFILT_READ, EV_ADD), 0);
  scene.Do("connect b c");
  EXPECT_EQ(Words(Taken()), "-");
  ASSERT_EQ(Do(scene.Fd("a"), EVFILT_READ, EV_DELETE), 0);
  ASSERT_EQ(Do(scene.Fd("a"), EVFILT_READ, EV_ADD), 0);
  EXPECT_EQ(Words(Taken()), "R");
}

// Only macOS tells. The others see it with the next byte, or when they are made
// to look by EV_ADD.
TEST_P(FactsTest, ALowWaterMarkThatFallsGoesUnheardOnTheOthers) {
  const char* const falls = GetParam() == Personality::kMacos ? "R" : "-";
  Scene scene("tcp a b; rcvlowat a 10; send b 3");
  const int a = scene.Fd("a");
  ASSERT_EQ(Do(a, EVFILT_READ, EV_ADD), 0);
  scene.Do("rcvlowat a 3");
  EXPECT_EQ(Words(Taken()), falls);
  scene.Do("send b 1");
  EXPECT_EQ(Words(Taken()), "R");

  scene.Do("rcvlowat a 10");
  EXPECT_EQ(Words(Taken()), "-");
  scene.Do("rcvlowat a 4");
  EXPECT_EQ(Words(Taken()), falls);
  ASSERT_EQ(Do(a, EVFILT_READ, EV_ADD), 0);
  EXPECT_EQ(Words(Taken()), "R");

  scene.Do("recv a 4; rcvlowat a 2; send b 2");
  EXPECT_EQ(Words(Taken()), "R");
  scene.Do("rcvlowat a 5; rcvlowat a 2; shutdown b w");
  EXPECT_EQ(Words(Taken()), "R+E");
}

TEST_P(FactsTest, ARevokedTerminalHasNoStatusOnNetbsd) {
  Scene scene("pty m s");
  struct stat status;
  EXPECT_EQ(FstatNetbsd(scene.Fd("s"), &status), 0);
  EXPECT_EQ(FstatNetbsd(scene.Fd("m"), &status), 0);
  const int s = scene.Fd("s");
  scene.Do("close m");
  EXPECT_EQ(FstatNetbsd(s, &status), -1);
  EXPECT_EQ(errno, EBADF);
  EXPECT_NE(::fcntl(s, F_GETFD), -1);
  EXPECT_EQ(Fstat(s, &status), 0);
}

TEST_P(FactsTest, UserEventsAreTriggered) {
  if (IsNetbsd()) GTEST_SKIP() << "it has none";
  ASSERT_EQ(Do(7, EVFILT_USER, EV_ADD | EV_CLEAR), 0);
  EXPECT_EQ(Words(Taken()), "-");
  ASSERT_EQ(Do(Change(7, EVFILT_USER, 0, NOTE_TRIGGER)), 0);
  ASSERT_EQ(Do(Change(7, EVFILT_USER, 0, NOTE_TRIGGER)), 0);
  EXPECT_EQ(Words(Taken()), "U");
  EXPECT_EQ(Words(Taken()), "-");
  ASSERT_EQ(Do(7, EVFILT_USER, EV_DELETE), 0);
  EXPECT_EQ(Do(Change(7, EVFILT_USER, 0, NOTE_TRIGGER)), ENOENT);
}

INSTANTIATE_TEST_SUITE_P(All, FactsTest, testing::ValuesIn(kPersonalities),
                         [](const auto& p) { return NameOf(p.param); });

// EVFILT_EXCEPT, which macOS has, and its three traps.
class ExceptTest : public testing::Test {
 protected:
  void Watch(int flags = EV_ADD) {
    ASSERT_EQ(Apply(kq_.get(),
                    Change(scene_.Fd("a"), EVFILT_EXCEPT, flags, NOTE_OOB)),
              0);
  }
  // The one event.
  struct kevent Taken() {
    const std::vector<struct kevent> events = Take(kq_.get());
    EXPECT_EQ(events.size(), 1u);
    return events.empty() ? Change(-1, 0, 0) : events[0];
  }

  const UniqueFd kq_{KqueueMacos()};
  Scene scene_{"tcp a b"};
};

TEST_F(ExceptTest, FiresForOutOfBandData) {
  Watch();
  EXPECT_EQ(Words(Take(kq_.get())), "-");
  scene_.Do("urgent b");
  const struct kevent event = Taken();
  EXPECT_EQ(event.fflags, unsigned{NOTE_OOB});
  EXPECT_EQ(event.flags & EV_EOF, 0);
}

TEST_F(ExceptTest, FiresForPlainData) {
  Watch();
  scene_.Do("send b 1");
  EXPECT_EQ(Taken().fflags, 0u);
}

TEST_F(ExceptTest, KeepsTheNoteWhenTheMarkHasPassed) {
  Watch();
  scene_.Do("urgent b");
  EXPECT_EQ(Taken().fflags, unsigned{NOTE_OOB});
  scene_.Do("recv_urgent a; send b 1");
  EXPECT_EQ(Taken().fflags, unsigned{NOTE_OOB});
  Watch(EV_DELETE);
  Watch();
  EXPECT_EQ(Taken().fflags, 0u);
}

TEST_F(ExceptTest, HasAnErrnoInFflagsAtTheEnd) {
  Watch();
  scene_.Do("reset b");
  const struct kevent event = Taken();
  EXPECT_NE(event.flags & EV_EOF, 0);
  EXPECT_EQ(event.fflags, 54u);  // ECONNRESET; NOTE_OOB is one of its bits
}

TEST_F(ExceptTest, FiresForTheEndOfFile) {
  Watch();
  scene_.Do("shutdown b w");
  const struct kevent event = Taken();
  EXPECT_NE(event.flags & EV_EOF, 0);
  EXPECT_EQ(event.fflags, 0u);
}

}  // namespace
}  // namespace isopoll::kqueue_standin
