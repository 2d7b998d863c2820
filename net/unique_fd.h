// UniqueFd: the one owner of a file descriptor.
//
// On Windows a descriptor is a socket: static_cast<int>(socket), and back by
// static_cast<SOCKET>(fd). Nothing is lost: 32 bits of a handle are in use, and
// INVALID_SOCKET is -1.

#ifndef ISOPOLL_NET_UNIQUE_FD_H_
#define ISOPOLL_NET_UNIQUE_FD_H_

#include <utility>

namespace isopoll {

// Closes its descriptor when destroyed. Movable, not copyable. Like any value
// it may be used from one thread at a time.
class UniqueFd {
 public:
  UniqueFd() = default;
  explicit UniqueFd(int fd) : fd_(fd) {}
  ~UniqueFd() { reset(); }

  UniqueFd(UniqueFd&& other) noexcept : fd_(other.release()) {}
  UniqueFd& operator=(UniqueFd&& other) noexcept {
    reset(other.release());
    return *this;
  }

  // The descriptor, or -1 if there is none.
  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }

  // Gives the descriptor up without closing it.
  [[nodiscard]] int release() { return std::exchange(fd_, -1); }

  // Closes the descriptor, if any, and takes `fd`. errno is left as it was. A
  // close that is interrupted is not repeated: the number may be another's by
  // then (close(2), "Dealing with error returns").
  void reset(int fd = -1);

 private:
  int fd_ = -1;
};

}  // namespace isopoll

#endif  // ISOPOLL_NET_UNIQUE_FD_H_
