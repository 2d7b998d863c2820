// NoCancellation: a scope that pthread_cancel(3) does not end.

#ifndef ISOPOLL_POLLER_SYSTEM_NO_CANCELLATION_H_
#define ISOPOLL_POLLER_SYSTEM_NO_CANCELLATION_H_

#include <pthread.h>

namespace isopoll {
namespace internal {

// Whether a cancelled thread unwinds its stack, and so gives its locks up, as
// glibc has it do (nptl/unwind.c). musl ends the thread where it is. BUILD
// cannot tell the two apart: both are Linux's.
#ifdef __GLIBC__
inline constexpr bool kCancellationUnwinds = true;
#else
inline constexpr bool kCancellationUnwinds = false;
#endif

// Most calls that sleep are cancellation points, and unwinding from one would
// leave a lock that is not held. A cancellation that comes meanwhile is pending
// afterwards.
class NoCancellation {
 public:
  // Unless it is `wanted`, or a cancellation would leave locks that are held,
  // does nothing, which is 10 ns quicker.
  explicit NoCancellation(bool wanted)
      : wanted_(wanted || !kCancellationUnwinds) {
    if (wanted_) ::pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before_);
  }
  ~NoCancellation() {
    int disabled;
    if (wanted_) ::pthread_setcancelstate(before_, &disabled);
  }
  NoCancellation(const NoCancellation&) = delete;
  NoCancellation& operator=(const NoCancellation&) = delete;

 private:
  const bool wanted_;
  int before_ = PTHREAD_CANCEL_ENABLE;
};

}  // namespace internal
}  // namespace isopoll

#endif  // ISOPOLL_POLLER_SYSTEM_NO_CANCELLATION_H_
