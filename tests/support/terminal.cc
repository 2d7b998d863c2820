#include "tests/support/terminal.h"

#include <sys/ioctl.h>

namespace isopoll::tests {

void AwaitTerminalWakeUps(int fd) {
  int discipline;
  if (::ioctl(fd, TIOCGETD, &discipline) == 0) {
    ::ioctl(fd, TIOCSETD, &discipline);
  }
}

}  // namespace isopoll::tests
