#include "poller/unix/descriptor_calls.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>

#include "absl/status/status.h"
#include "poller/core/errors.h"
#include "poller/unix/mask_dialect.h"
#include "poller/unix/poll_call.h"

namespace isopoll {
namespace internal {
namespace {

// Linux and FreeBSD have it.
#ifdef O_PATH
constexpr int kPathOnly = O_PATH;
#else
constexpr int kPathOnly = 0;
#endif

}  // namespace

bool DescriptorCalls::IsOpen(int fd) const {
  return fcntl(fd, F_GETFD, 0) != -1 || errno != EBADF;
}

absl::Status DescriptorCalls::CheckOpen(int fd) const {
  const int flags = fcntl(fd, F_GETFL, 0);
  // A filter of system calls may refuse.
  if (flags == -1 && errno != EBADF) return CallError(errno, "fcntl", fd);
  if (flags == -1 || (flags & path_only) != 0) return NotOpen(fd);
  return absl::OkStatus();
}

const DescriptorCalls& HostDescriptorCalls() {
  static const DescriptorCalls calls = {
      [](int fd, int command, int argument) {
        return ::fcntl(fd, command, argument);
      },
      [](int fd, struct stat* file) { return ::fstat(fd, file); }, &PollFor,
      &kPollDialect, kPathOnly};
  return calls;
}

}  // namespace internal
}  // namespace isopoll
