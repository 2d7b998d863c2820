#include "isopoll/net/unique_fd.h"

#include <cerrno>

#include "net/internal/sys.h"

namespace isopoll {

void UniqueFd::reset(int fd) {
  if (fd_ >= 0) {
    const int saved_errno = errno;
    sys::Close(fd_);
    errno = saved_errno;
  }
  fd_ = fd;
}

}  // namespace isopoll
