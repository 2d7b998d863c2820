#include <fcntl.h>

#include "tests/support/numbers.h"

namespace isopoll::tests {

bool IsOpen(int fd) { return ::fcntl(fd, F_GETFD) >= 0; }

bool IsCloseOnExec(int fd) { return ::fcntl(fd, F_GETFD) == FD_CLOEXEC; }

bool IsPathOnly(int fd) { return (::fcntl(fd, F_GETFL) & O_PATH) != 0; }

int Duplicate(int fd) { return ::fcntl(fd, F_DUPFD_CLOEXEC, 0); }

}  // namespace isopoll::tests
