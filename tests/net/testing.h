// What the tests of net/ share.

#ifndef ISOPOLL_TESTS_NET_TESTING_H_
#define ISOPOLL_TESTS_NET_TESTING_H_

#include <string>

#include "absl/strings/string_view.h"
#include "isopoll/net/socket_address.h"

namespace isopoll {

// Waits until `fd` has one of the poll(2) `events`, or an error, for up to 10
// s. False: it did not come.
bool Await(int fd, short events);

bool IsOpen(int fd);

// Whether `fd` is non-blocking and close-on-exec. Windows does not say of a
// socket whether it is non-blocking: there a test of nothing to receive hangs.
bool HasFlags(int fd);

// What a message says of `error`, an errno: on Windows the name of the error
// first.
std::string ErrorText(int error);

// Whether the system has Unix-domain sockets of `type`, and pairs of them.
bool HasUnixSockets(int type);
bool HasSocketPairs();

// The address that `text` says, which must be right.
SocketAddress Address(absl::string_view text);

// Closes a TCP socket, which it takes over, so that the peer sees a reset.
void CloseWithReset(int fd);

// Whether this is Wine, not Windows. Its server may read the error of a socket
// (SO_ERROR) before the program hears of it: a reset is then an end of file.
bool OnWine();

// Broken pipes raise SIGPIPE from now on, where there is such a signal.
void TakeBrokenPipesAsFatal();

// An empty directory with a short name, as Unix-domain paths need it. Goes away
// with everything in it.
class ScratchDirectory {
 public:
  ScratchDirectory();
  ~ScratchDirectory();
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;

  std::string Path(absl::string_view name) const;

 private:
  std::string path_;
};

}  // namespace isopoll

#endif  // ISOPOLL_TESTS_NET_TESTING_H_
