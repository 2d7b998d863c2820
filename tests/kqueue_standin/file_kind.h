// FileKind: what a BSD would take a descriptor of Linux for.

#ifndef ISOPOLL_TESTS_KQUEUE_STANDIN_FILE_KIND_H_
#define ISOPOLL_TESTS_KQUEUE_STANDIN_FILE_KIND_H_

namespace isopoll::kqueue_standin {

enum class FileKind {
  kTcp,
  kTcpListener,
  kUdp,         // of the Internet
  kUnixStream,  // connected, or to be
  kUnixDatagram,
  kSocket,  // any other
  kPipe,
  kFifo,
  kRegular,
  kDirectory,
  kDevice,               // always ready
  kControllingTerminal,  // /dev/tty
  kTerminal,             // or a pseudo-terminal's master
  kPollable,             // what only Linux has: its poll(2) decides
};

// Of an open `fd`. `pollable`: epoll takes it.
FileKind KindOf(int fd, bool pollable);

bool IsSocket(FileKind kind);

// Whether epoll takes `fd`.
bool IsPollable(int fd);

// Whether `fd` is a terminal whose master was closed.
bool IsRevoked(int fd);

// Whether `fd` is for writing only.
bool IsWriteOnly(int fd);

// Whether `fd` is for reading only.
bool IsReadOnly(int fd);

}  // namespace isopoll::kqueue_standin

#endif  // ISOPOLL_TESTS_KQUEUE_STANDIN_FILE_KIND_H_
