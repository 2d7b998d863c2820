// The kernel calls that pollers make, in a test's hands. Linux.
//
// In a program that links this, libc's epoll_ctl, epoll_wait, epoll_pwait2,
// poll, ppoll and pselect are ours. They go to the kernel, and tell the hooks
// of the thread that calls them.

#ifndef ISOPOLL_TESTS_INTERPOSED_KERNEL_CALLS_H_
#define ISOPOLL_TESTS_INTERPOSED_KERNEL_CALLS_H_

#include <functional>

namespace isopoll::tests {

struct KernelCall {
  enum class Kind { kChange, kWait };

  Kind kind = Kind::kWait;  // kChange: epoll_ctl
  int fd = -1;              // the one to change
  int fd_count = 0;         // pselect's nfds
};

// Hooks into the calls that this thread makes while the object lives. There is
// one such object at a time. What a hook itself calls is not told to any.
class CallHooks {
 public:
  // Before a call: the errno to fail with, or 0 for the kernel's answer.
  using Before = std::function<int(const KernelCall&)>;
  // After the kernel has answered.
  using After = std::function<void(const KernelCall&)>;

  CallHooks(Before before, After after);
  ~CallHooks();

  CallHooks(const CallHooks&) = delete;
  CallHooks& operator=(const CallHooks&) = delete;

  int TellBefore(const KernelCall& call) { return before_ ? before_(call) : 0; }
  void TellAfter(const KernelCall& call) {
    if (after_) after_(call);
  }

 private:
  Before before_;
  After after_;
};

}  // namespace isopoll::tests

#endif  // ISOPOLL_TESTS_INTERPOSED_KERNEL_CALLS_H_
