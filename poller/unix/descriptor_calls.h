// DescriptorCalls: what a kernel tells of any descriptor, watched or not.

#ifndef ISOPOLL_POLLER_UNIX_DESCRIPTOR_CALLS_H_
#define ISOPOLL_POLLER_UNIX_DESCRIPTOR_CALLS_H_

#include <sys/stat.h>

#include "absl/status/status.h"
#include "poller/unix/mask_dialect.h"
#include "poller/unix/poll_call.h"

namespace isopoll {
namespace internal {

struct DescriptorCalls {
  // As the manuals have them, but that poll's timeout is PollFunction's.
  int (*fcntl)(int fd, int command, int argument) = nullptr;
  int (*fstat)(int fd, struct stat* file) = nullptr;
  PollFunction* poll = nullptr;

  // How to read poll's answers.
  const MaskDialect* poll_dialect = nullptr;

  // O_PATH among the flags of an open file, which then cannot be watched; 0
  // where there is none.
  int path_only = 0;

  // Whether `fd` is a number in use, for whatever file.
  bool IsOpen(int fd) const;

  // OK if `fd` can be watched; NotOpen(fd) if it is closed or names a path only
  // (Linux: O_PATH, which select takes, poll calls invalid and epoll refuses).
  // Any other error is what keeps fcntl from telling.
  absl::Status CheckOpen(int fd) const;
};

// Those of the system this was compiled for.
const DescriptorCalls& HostDescriptorCalls();

}  // namespace internal
}  // namespace isopoll

#endif  // ISOPOLL_POLLER_UNIX_DESCRIPTOR_CALLS_H_
