#include "tests/support/unannounced.h"

#include "absl/status/statusor.h"
#include "tests/support/numbers.h"
#include "tests/support/terminal.h"

namespace isopoll::tests {

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
  // Its queue is full, and the one that it connects to may write all the same
  // (unix_dgram_poll of net/unix/af_unix.c).
  if (step.verb() == "connect") {
    const absl::StatusOr<int> fd = world.Fd(step.word(1));
    if (fd.ok() && IsUnixSocket(*fd) && IsDatagramSocket(*fd)) return kWritable;
  }
  return kNone;
}

// The other end of a full terminal reads, and a worker of the kernel makes room
// later; those who wait are woken before it does, or not at all.
Interest WillBeReadyInSilence(int fd, const Answer& now) {
  const bool full = !now.closed && !now.ready.writable();
  return full && IsTerminal(fd) ? kWritable : kNone;
}

}  // namespace isopoll::tests
