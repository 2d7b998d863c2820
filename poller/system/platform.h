// What headers must know of the system they are compiled for. Nothing else in
// poller/ asks which system that is: BUILD chooses files.

#ifndef ISOPOLL_POLLER_SYSTEM_PLATFORM_H_
#define ISOPOLL_POLLER_SYSTEM_PLATFORM_H_

#include <cstddef>

#ifdef _WIN32
#include "poller/system/platform_windows.h"
#else
#include "poller/system/platform_posix.h"
#endif

namespace isopoll {
namespace internal {

// Whether `fd`, which is not negative, can be the number of a descriptor.
constexpr bool CanBeDescriptor(int fd) { return fd % kDescriptorStep == 0; }

// Where a table by descriptor has `fd`.
constexpr size_t TableIndex(int fd) {
  return static_cast<size_t>(fd / kDescriptorStep);
}

}  // namespace internal
}  // namespace isopoll

#endif  // ISOPOLL_POLLER_SYSTEM_PLATFORM_H_
