// The states of descriptors, as the kernels' kqueues were seen to answer.

#include <sys/event.h>

#include <cerrno>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "isopoll/net/unique_fd.h"
#include "tests/kqueue_standin/testing.h"

namespace isopoll::kqueue_standin {
namespace {

// What EVFILT_READ and EVFILT_WRITE say, as Words() writes it; `!` with an
// errno after a filter: EV_ADD refuses it.
struct Row {
  const char* state;
  const char* steps;
  const char* fd;
  const char* macos;
  const char* freebsd;
  const char* netbsd;
  // The same of NetBSD's filters that were there before, if it is not that.
  const char* netbsd_before = nullptr;
};

constexpr Row kRows[] = {
    {"socket idle", "tcp a b", "a", "W", "W", "W"},
    {"unix socket idle", "unix a b", "a", "W", "W", "W"},
    {"data", "tcp a b; send b 3", "a", "R W", "R W", "R W"},
    {"unix data", "unix a b; send b 3", "a", "R W", "R W", "R W"},
    {"peer half-closed, data unread", "tcp a b; send b 3; shutdown b w", "a",
     "R+E W", "R+E W", "R+E W"},
    {"peer half-closed, drained",
     "tcp a b; send b 3; shutdown b w; recv a 3; recv a 0", "a", "R+E W",
     "R+E W", "R+E W"},
    {"unix peer half-closed", "unix a b; shutdown b w", "a", "R+E W", "R+E W",
     "R+E W"},
    {"peer closed (unix)", "unix a b; close b", "a", "R+E W+E", "R+E W+E",
     "R+E W+E"},
    {"own SHUT_WR", "tcp a b; shutdown a w", "a", "W+E", "W+E", "W+E"},
    {"own SHUT_WR (unix)", "unix a b; shutdown a w", "a", "W+E", "W+E", "W+E"},
    {"own SHUT_RD", "tcp a b; shutdown a r", "a", "R+E W", "R+E W", "R+E W"},
    {"connect refused", "tcp_socket l; bind l; tcp_socket c; connect c l", "c",
     "R+E W+E", "R+E W+E", "R+E W+E"},
    {"RST received", "tcp a b; reset b", "a", "R+E W+E", "R+E W+E", "R+E W+E"},
    {"send buffer full", "tcp a b; fill a", "a", "-", "-", "-"},
    {"send buffer full (unix)", "unix a b; fill a", "a", "-", "-", "-"},
    {"pipe read end, idle", "pipe r w", "r", "-", "W", "-"},
    {"pipe read end, data", "pipe r w; send w 1", "r", "R", "R W", "R"},
    // The kernels' W+E and EBADF for writing are their select's w; Linux's
    // select has none.
    {"pipe read end, writer gone", "pipe r w; close w", "r", "R+E", "R+E W+E",
     "R+E"},
    {"pipe write end, idle", "pipe r w", "w", "W", "W", "W"},
    {"pipe write end, reader gone", "pipe r w; close r", "w", "R+E W+E",
     "R+E W!EPIPE", "R+E W!EBADF"},
    {"pipe write end, full", "pipe r w; fill w", "w", "-", "-", "-"},
    // NetBSD's goes unheard: nobody is woken when it has gone.
    {"pipe write end, full, reader gone", "pipe r w; fill w; close r", "w",
     "R+E W+E", "R+E W!EPIPE", "R+E W!EBADF", "R+E"},
    {"FIFO, data", "fifo r; reopen r w w; send w 1", "r", "R", "R", "R W+E"},
    {"FIFO, writer gone", "fifo r; reopen r w w; close w", "r", "-", "R+E",
     "R+E W+E"},
    {"FIFO, reader gone", "fifo r; reopen r w w; close r", "w", "W", "R+E W+E",
     "R+E W+E"},
    {"listener", "tcp_listener l", "l", "-", "-", "-"},
    {"listener, 1 pending", "tcp_listener l; tcp_socket c; connect c l", "l",
     "R", "R", "R"},
    {"SO_RCVLOWAT 10, 3 bytes", "tcp a b; rcvlowat a 10; send b 3", "a", "W",
     "W", "W"},
    {"UDP datagram of 0 bytes", "udp a b; send b 0", "a", "R W", "R W", "R W"},
    {"UDP port unreachable", "udp a b; close b; send a 1", "a", "R W", "R W",
     "R W"},
    {"out-of-band byte", "tcp a b; urgent b", "a", "W", "W", "W"},
    {"regular file at end of file", "file f", "f", "W", "W", "W!EINVAL"},
    {"directory", "open / d r", "d", "R!EINVAL W!EINVAL", "R!ENODEV W!ENODEV",
     "W!EINVAL"},
    {"device", "open /dev/null n rw", "n", "R!EINVAL W!EINVAL",
     "R!ENODEV W!ENODEV", "R W"},
    {"terminal idle", "pty m s", "s", "W", "W", "W"},
    {"terminal closed", "pty m s; close s", "m", "R+E W+E", "R+E W+E", "-"},
    {"terminal hung up", "pty m s; close m", "s", "R+E W+E", "R+E W+E", "-"},
    // As Linux's select says; the kernels' own select and kqueue say nothing.
    {"TCP socket never connected", "tcp_socket s", "s", "R+E W+E", "R+E W+E",
     "R+E W+E"},
};

const char* Expected(const Row& row, Personality personality) {
  switch (personality) {
    case Personality::kMacos:
      return row.macos;
    case Personality::kFreebsd:
      return row.freebsd;
    case Personality::kNetbsd:
      break;
  }
  return row.netbsd;
}

const char* ExpectedBefore(const Row& row, Personality personality) {
  return personality == Personality::kNetbsd && row.netbsd_before != nullptr
             ? row.netbsd_before
             : Expected(row, personality);
}

std::string ErrnoName(int error) {
  switch (error) {
    case EINVAL:
      return "EINVAL";
    case EPIPE:
      return "EPIPE";
    case EBADF:
      return "EBADF";
    case ENODEV:
      return "ENODEV";
    case EOPNOTSUPP:
      return "EOPNOTSUPP";
    default:
      return absl::StrCat(error);
  }
}

std::string AnswersFor(int kq, int fd) {
  std::string answers;
  for (const int filter : {EVFILT_READ, EVFILT_WRITE}) {
    const int refused = Apply(kq, Change(fd, filter, EV_ADD));
    std::string answer;
    if (refused != 0) {
      answer =
          absl::StrCat(filter == EVFILT_READ ? "R!" : "W!", ErrnoName(refused));
    } else {
      answer = Words(Take(kq));
      Apply(kq, Change(fd, filter, EV_DELETE));
      if (answer == "-") continue;
    }
    absl::StrAppend(&answers, answers.empty() ? "" : " ", answer);
  }
  return answers.empty() ? "-" : answers;
}

class StatesTest : public testing::TestWithParam<Personality> {};

TEST_P(StatesTest, EachIsAnsweredAsTheKernelDoes) {
  for (const Row& row : kRows) {
    SCOPED_TRACE(row.state);
    Scene scene(row.steps);
    const UniqueFd kq = NewQueue(GetParam());
    EXPECT_EQ(AnswersFor(kq.get(), scene.Fd(row.fd)),
              Expected(row, GetParam()));
  }
}

// What came before makes no difference to a filter that was there.
TEST_P(StatesTest, EachIsAnsweredAlikeByFiltersAddedBefore) {
  for (const Row& row : kRows) {
    SCOPED_TRACE(row.state);
    const std::string steps = row.steps;
    const size_t last = steps.rfind("; ");
    if (last == std::string::npos) continue;
    Scene scene(steps.substr(0, last));
    const UniqueFd kq = NewQueue(GetParam());
    const int fd = scene.Fd(row.fd);
    for (const int filter : {EVFILT_READ, EVFILT_WRITE}) {
      ASSERT_EQ(Apply(kq.get(), Change(fd, filter, EV_ADD)), 0);
    }
    Take(kq.get());
    scene.Do(steps.substr(last + 2));
    std::string expected = ExpectedBefore(row, GetParam());
    // What EV_ADD would have refused.
    const size_t refused = expected.find("W!");
    if (refused != std::string::npos) {
      expected = expected.substr(0, refused) + "W+E";
    }
    EXPECT_EQ(Words(Take(kq.get())), expected);
  }
}

INSTANTIATE_TEST_SUITE_P(All, StatesTest, testing::ValuesIn(kPersonalities),
                         [](const auto& p) { return NameOf(p.param); });

}  // namespace
}  // namespace isopoll::kqueue_standin
