#include <fcntl.h>
#include <mqueue.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/timerfd.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "isopoll/net/unique_fd.h"
#include "tests/support/child_process.h"
#include "tests/support/on_fd.h"
#include "tests/support/quiet_io.h"
#include "tests/support/special_commands.h"
#include "tests/support/world.h"

namespace isopoll::tests {
namespace {

absl::Status AddToEventfd(int fd, const Step& step) {
  const uint64_t count = step.number(2);
  return OkIf(QuietWrite(fd, &count, sizeof(count)) == sizeof(count), "write");
}

absl::Status Arm(int fd, const Step&) {
  itimerspec at_once = {};
  at_once.it_value.tv_nsec = 1;
  return OkIf(::timerfd_settime(fd, 0, &at_once, nullptr) == 0,
              "timerfd_settime");
}

absl::Status Raise(World&, const Step&) {
  sigset_t blocked;
  ::pthread_sigmask(SIG_BLOCK, nullptr, &blocked);
  if (::sigismember(&blocked, SIGUSR1) != 1) {
    return absl::FailedPreconditionError("SIGUSR1 would end this process");
  }
  return OkIf(::raise(SIGUSR1) == 0, "raise");
}

absl::Status Kill(int fd, const Step&) {
  return OkIf(KillChild(fd), "pidfd_send_signal");
}

absl::Status Reap(int fd, const Step&) { return OkIf(ReapChild(fd), "waitid"); }

absl::Status OpenSlave(World& world, const Step& step) {
  absl::StatusOr<int> fd = world.Fd(step.word(1));
  if (!fd.ok()) return fd.status();
  int unlocked = 0;
  if (::ioctl(*fd, TIOCSPTLCK, &unlocked) != 0) {
    return absl::ErrnoToStatus(errno, "ioctl(TIOCSPTLCK)");
  }
  return world.Own(step.word(2), UniqueFd(::ioctl(*fd, TIOCGPTPEER,
                                                  O_RDWR | O_NOCTTY |
                                                      O_NONBLOCK | O_CLOEXEC)));
}

absl::Status Raw(int fd, const Step& step) {
  termios settings;
  if (::tcgetattr(fd, &settings) != 0) {
    return absl::ErrnoToStatus(errno, "tcgetattr");
  }
  ::cfmakeraw(&settings);
  settings.c_cc[VMIN] = static_cast<cc_t>(step.number(2));
  settings.c_cc[VTIME] = 0;
  return OkIf(::tcsetattr(fd, TCSANOW, &settings) == 0, "tcsetattr");
}

absl::Status EnterLine(int fd, const Step&) {
  return OkIf(QuietWrite(fd, "x\n", 2) == 2, "write");
}

absl::Status PacketMode(int fd, const Step&) {
  int on = 1;
  return OkIf(::ioctl(fd, TIOCPKT, &on) == 0, "ioctl(TIOCPKT)");
}

absl::Status Flush(int fd, const Step&) {
  return OkIf(::tcflush(fd, TCIOFLUSH) == 0, "tcflush");
}

absl::Status Stop(int fd, const Step&) {
  return OkIf(::tcflow(fd, TCOOFF) == 0, "tcflow");
}

absl::Status Start(int fd, const Step&) {
  return OkIf(::tcflow(fd, TCOON) == 0, "tcflow");
}

absl::Status PipeSize(int fd, const Step& step) {
  return OkIf(::fcntl(fd, F_SETPIPE_SZ, static_cast<int>(step.number(2))) >= 0,
              "fcntl(F_SETPIPE_SZ)");
}

absl::Status Post(int fd, const Step&) {
  return OkIf(::mq_send(fd, "x", 1, 0) == 0, "mq_send");
}

absl::Status Nest(World& world, const Step& step) {
  absl::StatusOr<int> set = world.Fd(step.word(1));
  if (!set.ok()) return set.status();
  absl::StatusOr<int> member = world.Fd(step.word(2));
  if (!member.ok()) return member.status();
  epoll_event event = {};
  event.events = EPOLLIN;
  return OkIf(::epoll_ctl(*set, EPOLL_CTL_ADD, *member, &event) == 0,
              "epoll_ctl");
}

absl::Status WatchRoot(int fd, const Step&) {
  if (::inotify_add_watch(fd, "/", IN_OPEN) < 0) {
    return absl::ErrnoToStatus(errno, "inotify_add_watch");
  }
  UniqueFd root(::open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return absl::OkStatus();
}

constexpr Command kSpecialActions[] = {
    {"add NAME VALUE", "adds VALUE to an eventfd", OnFd<AddToEventfd>},
    {"arm NAME", "a timerfd expires once, at once", OnFd<Arm>},
    {"raise NAME", "sends SIGUSR1 to this thread, for a signalfd", Raise},
    {"kill NAME", "kills the child behind a pidfd", OnFd<Kill>},
    {"reap NAME", "waits for its end and takes its status", OnFd<Reap>},
    {"open_slave NAME NEW", "the slave of a pseudo-terminal's master",
     OpenSlave},
    {"raw NAME COUNT", "terminal: raw mode with VMIN", OnFd<Raw>},
    {"line NAME", "writes one letter and a line feed", OnFd<EnterLine>},
    {"packet_mode NAME", "master: TIOCPKT", OnFd<PacketMode>},
    {"flush NAME", "terminal: tcflush, which packet mode reports", OnFd<Flush>},
    {"stop NAME", "terminal: output stops, as by ^S, which packet mode reports",
     OnFd<Stop>},
    {"start NAME", "terminal: output goes on, as by ^Q, which it reports too",
     OnFd<Start>},
    {"pipe_size NAME COUNT", "how many bytes a pipe holds", OnFd<PipeSize>},
    {"nest NAME NAME", "adds the second to the first, an epoll set", Nest},
    {"post NAME", "a message into a message queue", OnFd<Post>},
    {"watch_root NAME", "inotify: an event, by opening /", OnFd<WatchRoot>},
};

}  // namespace

absl::Span<const Command> SpecialActions() { return kSpecialActions; }

}  // namespace isopoll::tests
