// What fcntl(2) says of a descriptor.

#ifndef ISOPOLL_POLLER_INTERNAL_DESCRIPTOR_H_
#define ISOPOLL_POLLER_INTERNAL_DESCRIPTOR_H_

#include "absl/status/status.h"

namespace isopoll {
namespace internal {

// Whether `fd` is a number in use, for whatever file.
bool IsOpen(int fd);

// OK if `fd` can be watched; NotOpen(fd) if it is closed or names a path only
// (Linux: O_PATH, which select takes, poll calls invalid and epoll refuses).
absl::Status CheckOpen(int fd);

}  // namespace internal
}  // namespace isopoll

#endif  // ISOPOLL_POLLER_INTERNAL_DESCRIPTOR_H_
