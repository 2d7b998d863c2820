// Reading and writing any kind of descriptor, without SIGPIPE.

#ifndef ISOPOLL_TESTS_SUPPORT_QUIET_IO_H_
#define ISOPOLL_TESTS_SUPPORT_QUIET_IO_H_

#include <sys/types.h>

#include <cstddef>

namespace isopoll::tests {

// As write(2) and read(2), errno included, but they never block on a socket,
// whatever its mode, are not interrupted, and never raise a signal.
ssize_t QuietWrite(int fd, const void* data, size_t size);
ssize_t QuietRead(int fd, void* buffer, size_t size);

// The same of one byte out of band, of a socket.
bool QuietWriteUrgent(int fd, char byte);
bool QuietReadUrgent(int fd, char* byte);

}  // namespace isopoll::tests

#endif  // ISOPOLL_TESTS_SUPPORT_QUIET_IO_H_
