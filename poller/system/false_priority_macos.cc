// macOS does as POSIX says: of a file that is always ready, select(2) says all
// three that it is asked for.

#include <sys/stat.h>
#include <unistd.h>

#include "isopoll/interest.h"
#include "poller/system/false_priority.h"

namespace isopoll {
namespace internal {
namespace {

// Of devices a terminal alone has priority: a master, in packet mode.
bool IsAlwaysReady(int fd, mode_t mode) {
  return S_ISREG(mode) || S_ISDIR(mode) || S_ISBLK(mode) ||
         (S_ISCHR(mode) && ::isatty(fd) == 0);
}

}  // namespace

Interest WithoutFalsePriority(int fd, Interest interest) {
  struct stat file;
  if (!interest.priority() || ::fstat(fd, &file) == -1 ||
      !IsAlwaysReady(fd, file.st_mode)) {
    return interest;
  }
  return interest & (kReadable | kWritable);
}

}  // namespace internal
}  // namespace isopoll
