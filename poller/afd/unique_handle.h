// UniqueHandle: owns a HANDLE, closing it at the end of its life.

#ifndef ISOPOLL_POLLER_AFD_UNIQUE_HANDLE_H_
#define ISOPOLL_POLLER_AFD_UNIQUE_HANDLE_H_

#include <windows.h>
#include <winsock2.h>

#include <utility>

namespace isopoll {
namespace internal {

class UniqueHandle {
 public:
  UniqueHandle() = default;
  explicit UniqueHandle(HANDLE handle) : handle_(handle) {}
  ~UniqueHandle() {
    if (handle_ != nullptr) ::CloseHandle(handle_);
  }
  UniqueHandle(UniqueHandle&& other) noexcept
      : handle_(std::exchange(other.handle_, nullptr)) {}
  UniqueHandle& operator=(UniqueHandle&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }

  HANDLE get() const { return handle_; }
  explicit operator bool() const { return handle_ != nullptr; }

 private:
  HANDLE handle_ = nullptr;
};

}  // namespace internal
}  // namespace isopoll

#endif  // ISOPOLL_POLLER_AFD_UNIQUE_HANDLE_H_
