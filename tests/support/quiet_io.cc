#include "tests/support/quiet_io.h"

#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <ctime>

namespace isopoll::tests {
namespace {

// Holds SIGPIPE back from this thread, and drops the one that came meanwhile.
class WithoutSigpipe {
 public:
  WithoutSigpipe() {
    ::sigemptyset(&sigpipe_);
    ::sigaddset(&sigpipe_, SIGPIPE);
    ::pthread_sigmask(SIG_BLOCK, &sigpipe_, &before_);
  }
  ~WithoutSigpipe() {
    const int kept = errno;
    const timespec zero = {};
    ::sigtimedwait(&sigpipe_, nullptr, &zero);
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
    errno = kept;
  }
  WithoutSigpipe(const WithoutSigpipe&) = delete;
  WithoutSigpipe& operator=(const WithoutSigpipe&) = delete;

 private:
  sigset_t sigpipe_;
  sigset_t before_;
};

}  // namespace

ssize_t QuietWrite(int fd, const void* data, size_t size) {
  ssize_t n;
  do {
    n = ::send(fd, data, size, MSG_NOSIGNAL | MSG_DONTWAIT);
  } while (n < 0 && errno == EINTR);
  if (n >= 0 || errno != ENOTSOCK) return n;
  WithoutSigpipe quiet;
  do {
    n = ::write(fd, data, size);
  } while (n < 0 && errno == EINTR);
  return n;
}

ssize_t QuietRead(int fd, void* buffer, size_t size) {
  ssize_t n;
  do {
    n = ::recv(fd, buffer, size, MSG_DONTWAIT);
  } while (n < 0 && errno == EINTR);
  if (n >= 0 || errno != ENOTSOCK) return n;
  do {
    n = ::read(fd, buffer, size);
  } while (n < 0 && errno == EINTR);
  return n;
}

bool QuietWriteUrgent(int fd, char byte) {
  return ::send(fd, &byte, 1, MSG_OOB | MSG_DONTWAIT | MSG_NOSIGNAL) == 1;
}

bool QuietReadUrgent(int fd, char* byte) {
  return ::recv(fd, byte, 1, MSG_OOB | MSG_DONTWAIT) == 1;
}

}  // namespace isopoll::tests
