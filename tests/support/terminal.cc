#include "tests/support/terminal.h"

#include <sys/ioctl.h>

namespace isopoll::tests {

void AwaitTerminalWakeUps(int fd) {
  int bytes;
  ::ioctl(fd, TIOCINQ, &bytes);
}

}  // namespace isopoll::tests
