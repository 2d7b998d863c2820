// SelectCalls: the system calls of the select backend, in one table that a test
// can replace to script the kernel. (The wake-up's are in poller/unix.)

#ifndef ISOPOLL_POLLER_SELECT_SELECT_CALLS_H_
#define ISOPOLL_POLLER_SELECT_SELECT_CALLS_H_

#include <sys/select.h>

#include <ctime>

#include "poller/unix/descriptor_calls.h"

namespace isopoll {
namespace internal {

struct SelectCalls {
  // As pselect(2), without a signal mask.
  static int Select(int end, fd_set* read, fd_set* write, fd_set* except,
                    const timespec* timeout) {
    return ::pselect(end, read, write, except, timeout, nullptr);
  }
  static const DescriptorCalls& Descriptors() { return HostDescriptorCalls(); }
};

}  // namespace internal
}  // namespace isopoll

#endif  // ISOPOLL_POLLER_SELECT_SELECT_CALLS_H_
