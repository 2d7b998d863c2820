// UnixDescriptorCalls: what Unix kernels tell of any descriptor.

#ifndef ISOPOLL_POLLER_SYSTEM_UNIX_DESCRIPTOR_CALLS_H_
#define ISOPOLL_POLLER_SYSTEM_UNIX_DESCRIPTOR_CALLS_H_

#include <sys/stat.h>

#include "absl/status/status.h"
#include "poller/system/descriptor_calls.h"

namespace isopoll {
namespace internal {

// The calls are as the manuals have them.
struct UnixDescriptorCalls : DescriptorCalls {
  bool IsOpen(int fd) const override;
  absl::Status CheckOpen(int fd) const override;
  int Identify(int fd, FileId* file) const override;

  int (*fcntl)(int fd, int command, int argument) = nullptr;
  int (*fstat)(int fd, struct stat* file) = nullptr;
  // O_PATH among the flags of an open file, which then cannot be watched; 0
  // where there is none.
  int path_only = 0;
};

// HostDescriptorCalls().
const UnixDescriptorCalls& HostUnixDescriptorCalls();

}  // namespace internal
}  // namespace isopoll

#endif  // ISOPOLL_POLLER_SYSTEM_UNIX_DESCRIPTOR_CALLS_H_
