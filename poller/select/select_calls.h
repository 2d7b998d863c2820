// SelectCalls: the system calls of the select backend, in one table that a test
// can replace to script the kernel. (The wake-up's are in poller/system.)

#ifndef ISOPOLL_POLLER_SELECT_SELECT_CALLS_H_
#define ISOPOLL_POLLER_SELECT_SELECT_CALLS_H_

#include <ctime>

#include "poller/system/descriptor_calls.h"
#include "poller/system/select_call.h"

namespace isopoll {
namespace internal {

struct SelectCalls {
  static int Select(FdSets* sets, const timespec* timeout) {
    return SelectFor(sets, timeout);
  }
  static const DescriptorCalls& Descriptors() { return HostDescriptorCalls(); }
};

}  // namespace internal
}  // namespace isopoll

#endif  // ISOPOLL_POLLER_SELECT_SELECT_CALLS_H_
