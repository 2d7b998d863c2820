// KernelFd: UniqueFd for a kernel that is called by a table.

#ifndef ISOPOLL_POLLER_KQUEUE_KERNEL_FD_H_
#define ISOPOLL_POLLER_KQUEUE_KERNEL_FD_H_

#include <utility>

namespace isopoll {
namespace internal {

class KernelFd {
 public:
  using CloseFunction = int(int fd);

  KernelFd() = default;
  KernelFd(int fd, CloseFunction* close) : fd_(fd), close_(close) {}
  KernelFd(KernelFd&& other) noexcept
      : fd_(std::exchange(other.fd_, -1)), close_(other.close_) {}
  KernelFd& operator=(KernelFd&& other) noexcept {
    std::swap(fd_, other.fd_);
    std::swap(close_, other.close_);
    return *this;
  }
  ~KernelFd() {
    if (fd_ != -1) close_(fd_);
  }

  int get() const { return fd_; }

  // Gives the descriptor up without closing it.
  void Abandon() { fd_ = -1; }

 private:
  int fd_ = -1;
  CloseFunction* close_ = nullptr;
};

}  // namespace internal
}  // namespace isopoll

#endif  // ISOPOLL_POLLER_KQUEUE_KERNEL_FD_H_
