#include "poller/system/unix_descriptor_calls.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdint>

#include "absl/status/status.h"
#include "poller/core/errors.h"
#include "poller/system/descriptor_calls.h"
#include "poller/system/mask_dialect.h"
#include "poller/system/poll_call.h"

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

bool UnixDescriptorCalls::IsOpen(int fd) const {
  return fcntl(fd, F_GETFD, 0) != -1 || errno != EBADF;
}

absl::Status UnixDescriptorCalls::CheckOpen(int fd) const {
  const int flags = fcntl(fd, F_GETFL, 0);
  // A filter of system calls may refuse.
  if (flags == -1 && errno != EBADF) return CallError(errno, "fcntl", fd);
  if (flags == -1 || (flags & path_only) != 0) return NotOpen(fd);
  return absl::OkStatus();
}

int UnixDescriptorCalls::Identify(int fd, FileId* file) const {
  struct stat status;
  if (fstat(fd, &status) == -1) return errno;
  *file = {static_cast<uint64_t>(status.st_dev),
           static_cast<uint64_t>(status.st_ino)};
  return 0;
}

const UnixDescriptorCalls& HostUnixDescriptorCalls() {
  static const UnixDescriptorCalls calls = [] {
    UnixDescriptorCalls host;
    host.poll = &PollFor;
    host.poll_dialect = &kPollDialect;
    host.fcntl = [](int fd, int command, int argument) {
      return ::fcntl(fd, command, argument);
    };
    host.fstat = [](int fd, struct stat* file) { return ::fstat(fd, file); };
    host.path_only = kPathOnly;
    return host;
  }();
  return calls;
}

const DescriptorCalls& HostDescriptorCalls() {
  return HostUnixDescriptorCalls();
}

}  // namespace internal
}  // namespace isopoll
