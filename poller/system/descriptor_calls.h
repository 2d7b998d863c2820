// DescriptorCalls: what a kernel tells of any descriptor, watched or not.

#ifndef ISOPOLL_POLLER_SYSTEM_DESCRIPTOR_CALLS_H_
#define ISOPOLL_POLLER_SYSTEM_DESCRIPTOR_CALLS_H_

#include <cstdint>

#include "absl/status/status.h"
#include "poller/system/mask_dialect.h"
#include "poller/system/poll_call.h"

namespace isopoll {
namespace internal {

// By which a file is known.
struct FileId {
  uint64_t device;
  uint64_t inode;
};

struct DescriptorCalls {
  virtual ~DescriptorCalls() = default;

  // Whether `fd` is a number in use, for whatever file.
  virtual bool IsOpen(int fd) const = 0;
  // OK if `fd` can be watched; NotOpen(fd) if it is closed or names a path only
  // (Linux: O_PATH, which select takes, poll calls invalid and epoll refuses).
  // Any other error is what keeps the kernel from telling.
  virtual absl::Status CheckOpen(int fd) const = 0;
  // Which file `fd` names. Returns 0, or an errno.
  virtual int Identify(int fd, FileId* file) const = 0;

  // As poll(2), but with PollFunction's timeout.
  PollFunction* poll = nullptr;
  // How to read its answers.
  const MaskDialect* poll_dialect = nullptr;
};

// Those of the system this was compiled for.
const DescriptorCalls& HostDescriptorCalls();

}  // namespace internal
}  // namespace isopoll

#endif  // ISOPOLL_POLLER_SYSTEM_DESCRIPTOR_CALLS_H_
