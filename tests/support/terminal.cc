#include "tests/support/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

namespace isopoll::tests {

bool IsTerminal(int fd) { return ::isatty(fd) == 1; }

void AwaitTerminalWakeUps(int fd) {
  int bytes;
  ::ioctl(fd, TIOCINQ, &bytes);
}

}  // namespace isopoll::tests
