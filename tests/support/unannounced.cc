#include "tests/support/unannounced.h"

#include <sys/socket.h>
#include <unistd.h>

#include "absl/status/statusor.h"

namespace isopoll::tests {
namespace {

int SocketOption(int fd, int option) {
  int value = -1;
  socklen_t size = sizeof(value);
  ::getsockopt(fd, SOL_SOCKET, option, &value, &size);
  return value;
}

bool IsUnixDatagramSocket(int fd) {
  return SocketOption(fd, SO_DOMAIN) == AF_UNIX &&
         SocketOption(fd, SO_TYPE) == SOCK_DGRAM;
}

}  // namespace

Interest MadeReadyInSilence(const Contender& contender, const World& world,
                            const Step& step) {
  if (step.verb() == "rcvlowat" && !contender.hears_low_water_mark) {
    return kReadable;
  }
  // A byte that waits out of band becomes one that can be read.
  if (step.verb() == "oobinline") return kReadable;
  // The kernel wakes those who wait to read from the master, and for priority
  // no others (pty_stop and pty_start of drivers/tty/pty.c).
  if (step.verb() == "stop" || step.verb() == "start") return kPriority;
  // Its queue is full, and whoever it connects to may write all the same
  // (unix_dgram_poll of net/unix/af_unix.c).
  if (step.verb() == "connect") {
    const absl::StatusOr<int> fd = world.Fd(step.word(1));
    if (fd.ok() && IsUnixDatagramSocket(*fd)) return kWritable;
  }
  return kNone;
}

// The other end of a full terminal reads, and a worker of the kernel makes room
// later; those who wait are woken before it does, or not at all.
Interest WillBeReadyInSilence(int fd, const Answer& now) {
  const bool full = !now.closed && !now.ready.writable();
  return full && ::isatty(fd) == 1 ? kWritable : kNone;
}

}  // namespace isopoll::tests
