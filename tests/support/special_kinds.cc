#include <fcntl.h>
#include <mqueue.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "isopoll/net/pairs.h"
#include "isopoll/net/unique_fd.h"
#include "tests/support/child_process.h"
#include "tests/support/owning.h"
#include "tests/support/special_commands.h"
#include "tests/support/world.h"

namespace isopoll::tests {
namespace {

// The type of socket that the word at `index` says; a stream if there is none.
int TypeFrom(const Step& step, size_t index) {
  if (!step.has_word(index)) return SOCK_STREAM;
  if (step.word(index) == "dgram") return SOCK_DGRAM;
  if (step.word(index) == "seqpacket") return SOCK_SEQPACKET;
  return SOCK_STREAM;
}

// A path in the folder for temporary files; nothing is there.
std::string NewPath() {
  const char* folder = ::getenv("TEST_TMPDIR");
  std::string path =
      absl::StrCat(folder == nullptr ? "/tmp" : folder, "/isopoll.XXXXXX");
  UniqueFd file(::mkostemp(path.data(), O_CLOEXEC));
  ::unlink(path.c_str());
  return path;
}

absl::Status UnixPair(World& world, const Step& step) {
  absl::StatusOr<SocketPairFds> pair = SocketPair(TypeFrom(step, 3));
  if (!pair.ok()) return pair.status();
  return OwnBoth(world, step, std::move(pair->first), std::move(pair->second));
}

absl::Status UnixSocket(World& world, const Step& step) {
  return world.Own(step.word(1), OpenSocket(AF_UNIX, TypeFrom(step, 2)));
}

absl::Status UnixListener(World& world, const Step& step) {
  return OwnListener(world, step, OpenSocket(AF_UNIX, TypeFrom(step, 2)));
}

absl::Status Netlink(World& world, const Step& step) {
  return world.Own(step.word(1), OpenSocket(AF_NETLINK, SOCK_RAW));
}

absl::Status PipeEnds(World& world, const Step& step) {
  absl::StatusOr<PipeFds> pipe = Pipe();
  if (!pipe.ok()) return pipe.status();
  return OwnBoth(world, step, std::move(pipe->read_end),
                 std::move(pipe->write_end));
}

absl::Status Fifo(World& world, const Step& step) {
  const std::string path = NewPath();
  if (::mkfifo(path.c_str(), 0600) != 0) {
    return absl::ErrnoToStatus(errno, "mkfifo");
  }
  UniqueFd fd(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  ::unlink(path.c_str());
  return world.Own(step.word(1), std::move(fd));
}

absl::Status Eventfd(World& world, const Step& step) {
  return world.Own(step.word(1),
                   UniqueFd(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)));
}

absl::Status Timerfd(World& world, const Step& step) {
  return world.Own(
      step.word(1),
      UniqueFd(::timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC)));
}

absl::Status Signalfd(World& world, const Step& step) {
  sigset_t usr1, before;
  ::sigemptyset(&usr1);
  ::sigaddset(&usr1, SIGUSR1);
  ::pthread_sigmask(SIG_BLOCK, &usr1, &before);
  world.AtEnd([usr1, before] {
    const timespec zero = {};
    while (::sigtimedwait(&usr1, nullptr, &zero) > 0) {
    }
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  });
  return world.Own(step.word(1),
                   UniqueFd(::signalfd(-1, &usr1, SFD_NONBLOCK | SFD_CLOEXEC)));
}

absl::Status Pidfd(World& world, const Step& step) {
  absl::StatusOr<UniqueFd> child = StartIdleChild();
  if (!child.ok()) return child.status();
  UniqueFd shared(::fcntl(child->get(), F_DUPFD_CLOEXEC, 0));
  world.AtEnd([fd = child->release()] { EndChild(UniqueFd(fd)); });
  return world.Own(step.word(1), std::move(shared));
}

UniqueFd OpenMaster() {
  return UniqueFd(
      ::open("/dev/ptmx", O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC));
}

absl::Status PtyMaster(World& world, const Step& step) {
  return world.Own(step.word(1), OpenMaster());
}

absl::Status Pty(World& world, const Step& step) {
  UniqueFd master = OpenMaster();
  if (!master || ::grantpt(master.get()) != 0 ||
      ::unlockpt(master.get()) != 0) {
    return absl::ErrnoToStatus(errno, "making a pseudo-terminal");
  }
  UniqueFd slave(::ioctl(master.get(), TIOCGPTPEER,
                         O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC));
  return OwnBoth(world, step, std::move(master), std::move(slave));
}

absl::Status Epoll(World& world, const Step& step) {
  return world.Own(step.word(1), UniqueFd(::epoll_create1(EPOLL_CLOEXEC)));
}

absl::Status Inotify(World& world, const Step& step) {
  UniqueFd fd(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
  return world.Own(step.word(1), std::move(fd));
}

absl::Status MessageQueue(World& world, const Step& step) {
  const std::string name = absl::StrCat("/isopoll.", ::getpid());
  mq_attr size = {};
  size.mq_maxmsg = 2;
  size.mq_msgsize = 8;
  UniqueFd fd(::mq_open(name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NONBLOCK,
                        0600, &size));
  ::mq_unlink(name.c_str());
  return world.Own(step.word(1), std::move(fd));
}

absl::Status File(World& world, const Step& step) {
  const std::string path = NewPath();
  UniqueFd fd(
      ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  ::unlink(path.c_str());
  return world.Own(step.word(1), std::move(fd));
}

absl::Status Memfd(World& world, const Step& step) {
  return world.Own(step.word(1),
                   UniqueFd(::memfd_create("isopoll", MFD_CLOEXEC)));
}

absl::Status Open(World& world, const Step& step) {
  int mode = O_RDONLY;
  if (step.word(3) == "w") mode = O_WRONLY;
  if (step.word(3) == "rw") mode = O_RDWR;
  if (step.word(3) == "path") mode = O_PATH;
  return world.Own(step.word(2),
                   UniqueFd(::open(step.word(1).c_str(),
                                   mode | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)));
}

constexpr Command kSpecialKinds[] = {
    {"unix NEW NEW [stream|dgram|seqpacket]", "connected Unix-domain sockets",
     UnixPair},
    {"unix_socket NEW [stream|dgram|seqpacket]", "one of these, fresh",
     UnixSocket},
    {"unix_listener NEW [stream|seqpacket]", "one of these that listens",
     UnixListener},
    {"netlink NEW", "a netlink socket", Netlink},
    {"pipe NEW NEW", "the read end and the write end of a pipe", PipeEnds},
    {"fifo NEW", "the read end of a FIFO that never had a writer", Fifo},
    {"eventfd NEW", "an event counter at zero", Eventfd},
    {"timerfd NEW", "a timer, not armed", Timerfd},
    {"signalfd NEW", "takes this thread's SIGUSR1", Signalfd},
    {"pidfd NEW", "a child process", Pidfd},
    {"pty NEW NEW", "the master and the slave of a pseudo-terminal", Pty},
    {"pty_master NEW", "a master whose slave was never opened", PtyMaster},
    {"epoll NEW", "an epoll set without members", Epoll},
    {"inotify NEW", "an inotify instance that watches nothing", Inotify},
    {"mqueue NEW", "a POSIX message queue with room for two", MessageQueue},
    {"file NEW", "a regular file, empty", File},
    {"memfd NEW", "an anonymous file in memory, empty", Memfd},
    {"open PATH NEW r|w|rw|path", "an existing file; path is O_PATH", Open},
};

}  // namespace

absl::Span<const Command> SpecialKinds() { return kSpecialKinds; }

}  // namespace isopoll::tests
