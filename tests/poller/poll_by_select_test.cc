// select(2) for those who speak in PollEntries: which bits go in and come out.

#include "poller/system/poll_by_select.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <vector>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "isopoll/net/pairs.h"
#include "isopoll/net/unique_fd.h"

namespace {

// The next pselect(2) fails with this.
int next_error = 0;
// Which sets the last one was shown: read, write, except.
std::vector<bool> shown;

}  // namespace

// In place of the C library's.
extern "C" int pselect(int end, fd_set* read, fd_set* write, fd_set* except,
                       const timespec* timeout, const sigset_t* mask) {
  static const auto real =
      reinterpret_cast<decltype(&pselect)>(::dlsym(RTLD_NEXT, "pselect"));
  shown = {read != nullptr, write != nullptr, except != nullptr};
  if (next_error == 0) return real(end, read, write, except, timeout, mask);
  errno = next_error;
  next_error = 0;
  return -1;
}

namespace isopoll::internal {
namespace {

using testing::ElementsAre;

constexpr timespec kNoTime = {};

// What was answered, entry by entry, after what was returned.
std::vector<int> Look(std::vector<pollfd> entries) {
  const auto count = static_cast<nfds_t>(entries.size());
  constexpr short kUntouched = 0x55;
  constexpr int kClosed = 1000;
  errno = 0;
  entries.push_back({kClosed, POLLIN, kUntouched});
  std::vector<int> answers = {PollBySelect(entries.data(), count, &kNoTime)};
  EXPECT_EQ(entries.back().revents, kUntouched);
  entries.pop_back();
  for (const pollfd& entry : entries) answers.push_back(entry.revents);
  return answers;
}

class PollBySelectTest : public testing::Test {
 protected:
  int reader() const { return pipe_.read_end.get(); }
  int writer() const { return pipe_.write_end.get(); }
  void Write() { ASSERT_EQ(::write(writer(), "x", 1), 1); }

  // A number that was closed.
  static int Closed() {
    const UniqueFd fd(::dup(0));
    return fd.get();
  }

  PipeFds pipe_ = Pipe().value();
};

TEST_F(PollBySelectTest, SaysWhatIsReadyOfWhatWasAsked) {
  const short both = POLLIN | POLLOUT;
  EXPECT_THAT(Look({{reader(), POLLIN, both}, {writer(), POLLOUT, 0}}),
              ElementsAre(1, 0, POLLOUT));
  EXPECT_THAT(Look({{writer(), POLLIN, 0}, {reader(), POLLIN, both}}),
              ElementsAre(0, 0, 0));
  Write();
  EXPECT_THAT(Look({{reader(), POLLIN, 0},
                    {-1, both, both},
                    {writer(), POLLOUT, 0},
                    {reader(), POLLPRI, both}}),
              ElementsAre(2, POLLIN, 0, POLLOUT, 0));
  SocketPairFds pair = TcpPair().value();
  ASSERT_EQ(::send(pair.second.get(), "ab", 2, MSG_OOB), 2);
  for (std::vector<int> answer; answer != std::vector<int>{1, POLLPRI};) {
    answer = Look({{pair.first.get(), POLLPRI, 0}});
  }
  for (std::vector<int> answer;
       answer != std::vector<int>{1, POLLIN | POLLOUT | POLLPRI};) {
    answer = Look({{pair.first.get(), POLLIN | POLLOUT | POLLPRI, 0}});
  }
}

TEST_F(PollBySelectTest, TheKernelIsShownNoEmptySet) {
  Look({{reader(), POLLIN, 0}});
  EXPECT_THAT(shown, ElementsAre(true, false, false));
  Look({{writer(), POLLOUT, 0}, {reader(), POLLPRI, 0}});
  EXPECT_THAT(shown, ElementsAre(false, true, true));
}

TEST_F(PollBySelectTest, NumbersThatAreTwiceAreAskedForBoth) {
  Write();
  EXPECT_THAT(Look({{reader(), POLLIN, 0}, {reader(), POLLPRI, 0}}),
              ElementsAre(1, POLLIN, 0));
}

TEST_F(PollBySelectTest, WhatIsFullIsNotWritable) {
  const std::vector<char> much(1 << 20);
  ASSERT_GT(::write(writer(), much.data(), much.size()), 0);
  EXPECT_THAT(Look({{reader(), POLLIN, 0}, {writer(), POLLOUT, 0}}),
              ElementsAre(1, POLLIN, 0));
}

TEST_F(PollBySelectTest, AHangupIsNothingThatWasAsked) {
  pipe_.write_end.reset();
  EXPECT_THAT(Look({{reader(), POLLPRI, 0}}), ElementsAre(0, 0));
  EXPECT_THAT(Look({{reader(), 0, 0}}), ElementsAre(0, 0));
  EXPECT_THAT(Look({{reader(), POLLIN, 0}}), ElementsAre(1, POLLIN));
}

TEST_F(PollBySelectTest, ZeroIsANumberLikeOthers) {
  Write();
  const UniqueFd saved(::dup(0));
  ASSERT_EQ(::dup2(reader(), 0), 0);
  EXPECT_THAT(Look({{0, POLLIN, 0}}), ElementsAre(1, POLLIN));
  ::close(0);
  EXPECT_THAT(Look({{0, POLLIN, 0}, {writer(), POLLOUT, 0}}),
              ElementsAre(2, POLLNVAL, POLLOUT));
  if (saved) ::dup2(saved.get(), 0);
}

TEST_F(PollBySelectTest, OneThatIsClosedHidesNobody) {
  Write();
  const int closed = Closed();
  EXPECT_THAT(
      Look({{closed, POLLIN, 0}, {-1, POLLIN, 0}, {reader(), POLLIN, 0}}),
      ElementsAre(2, POLLNVAL, 0, POLLIN));
  // Beyond the kernel's table.
  EXPECT_THAT(Look({{100000, POLLIN, 0},
                    {100001, POLLOUT, 0},
                    {100002, POLLPRI, 0},
                    {reader(), POLLIN, 0}}),
              ElementsAre(4, POLLNVAL, POLLNVAL, POLLNVAL, POLLIN));
}

TEST_F(PollBySelectTest, IsToBeAskedAgainIfAllAreOpenByNow) {
  Write();
  next_error = EBADF;
  EXPECT_EQ(Look({{reader(), POLLIN, 0}}).front(), -1);
  EXPECT_EQ(errno, EINTR);
  next_error = ENOMEM;
  EXPECT_EQ(Look({{reader(), POLLIN, 0}}).front(), -1);
  EXPECT_EQ(errno, ENOMEM);
}

// How long it sleeps for nothing: the best of several.
absl::Duration Slept(std::vector<pollfd> entries, absl::Duration timeout) {
  const timespec time = absl::ToTimespec(timeout);
  const bool infinite = timeout == absl::InfiniteDuration();
  absl::Duration best = absl::InfiniteDuration();
  for (int i = 0; i < 3; ++i) {
    const absl::Time start = absl::Now();
    EXPECT_EQ(PollBySelect(entries.data(), static_cast<nfds_t>(entries.size()),
                           infinite ? nullptr : &time),
              0);
    best = std::min(best, absl::Now() - start);
  }
  return best;
}

TEST_F(PollBySelectTest, NothingWakesThatWasNotAsked) {
  constexpr absl::Duration kNap = absl::Milliseconds(5);
  EXPECT_GE(Slept({{writer(), POLLIN, 0}}, kNap), kNap);
  Write();
  EXPECT_GE(Slept({{reader(), POLLPRI, 0}}, kNap), kNap);
  SocketPairFds pair = TcpPair().value();
  const int urgent = pair.first.get();
  ASSERT_EQ(::send(pair.second.get(), "x", 1, MSG_OOB), 1);
  while (Look({{urgent, POLLPRI, 0}}).front() == 0) {
  }
  EXPECT_GE(Slept({{urgent, POLLIN, 0}}, kNap), kNap);
}

// Linux's select may sleep through an error that a look would find.
TEST_F(PollBySelectTest, LooksAgainForWhoeverAsksForPriorityAlone) {
  const pollfd alone = {reader(), POLLPRI, 0};
  const pollfd other = {reader(), POLLIN | POLLPRI, 0};
  constexpr absl::Duration kShort = absl::Milliseconds(3);
  constexpr absl::Duration kOften = absl::Milliseconds(50);
  constexpr absl::Duration kLong = absl::Milliseconds(70);
  EXPECT_LT(Slept({alone}, kShort), kOften);
  EXPECT_LT(Slept({alone}, kLong), kLong);
  EXPECT_GE(Slept({alone}, kLong), kOften);
  EXPECT_GE(Slept({alone}, absl::InfiniteDuration()), kOften);
  EXPECT_LT(Slept({other, alone}, absl::Seconds(1)), absl::Seconds(1));
  EXPECT_GE(Slept({other}, kLong), kLong);
  EXPECT_GE(Slept({other, {-1, POLLPRI, 0}}, kLong), kLong);
  const UniqueFd saved(::dup(0));
  ASSERT_EQ(::dup2(reader(), 0), 0);
  EXPECT_LT(Slept({{0, POLLPRI, 0}}, kLong), kLong);
  saved ? ::dup2(saved.get(), 0) : ::close(0);
}

}  // namespace
}  // namespace isopoll::internal
