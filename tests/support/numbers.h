// The numbers of descriptors, and what they stand for.

#ifndef ISOPOLL_TESTS_SUPPORT_NUMBERS_H_
#define ISOPOLL_TESTS_SUPPORT_NUMBERS_H_

namespace isopoll::tests {

bool IsOpen(int fd);

// Whether a process that this one starts does not get it.
bool IsCloseOnExec(int fd);

// Whether it stands for a path, with no file behind it (O_PATH).
bool IsPathOnly(int fd);

// A second number of the same open file, or -1 and errno.
int Duplicate(int fd);

// Whether `fd`, which is open, is a Unix-domain socket, and whether a socket of
// datagrams.
bool IsUnixSocket(int fd);
bool IsDatagramSocket(int fd);

}  // namespace isopoll::tests

#endif  // ISOPOLL_TESTS_SUPPORT_NUMBERS_H_
