// Descriptors in well-known states, for the conformance suite.
//
// A function whose effect arrives through the network stack returns only when
// poll(2) shows it, so that a test can state what it expects without waiting.
//
// Two files implement what systems have in ways of their own:
// descriptors_posix.cc and descriptors_windows.cc.

#ifndef ISOPOLL_TESTS_CONFORMANCE_DESCRIPTORS_H_
#define ISOPOLL_TESTS_CONFORMANCE_DESCRIPTORS_H_

#include <cstddef>
#include <vector>

#include "isopoll/net/unique_fd.h"
#include "net/internal/sys.h"

namespace isopoll {

// The descriptor that a test watches, and the one it acts through.
struct Ends {
  UniqueFd fd;
  UniqueFd peer;

  int get() const { return fd.get(); }
};

// Connected and idle.
Ends NewTcp();

// The same of Unix-domain sockets. Windows has no pairs of those: there they
// are of TCP, or of UDP.
Ends NewSocketPair(int type = SOCK_STREAM);

// What goes in at one end comes out at the other. Windows can watch no pipes:
// there these are TCP connections, of which a test uses one direction.
Ends NewPipe();        // watched: the read end
Ends NewPipeWriter();  // watched: the write end

// A pipe whose read end, the watched one, has a byte to read.
Ends NewReadablePipe();

// The read end of an empty pipe without a writer: a hangup, and end of file.
UniqueFd NewHungUpPipe();

// A TCP socket whose peer reset the connection.
UniqueFd NewResetTcp();

// One of a pair of stream sockets, whose peer was closed.
UniqueFd NewHungUpSocket();

// A UDP socket with a pending ECONNREFUSED, and the socket that it talks to,
// which takes datagrams only from itself.
Ends NewRefusedUdp();

// A TCP socket that never was connected: to Linux, one that is hung up.
UniqueFd NewTcpSocket();

// Two UDP sockets that are connected to one another.
Ends NewUdp();

// A UDP socket, not connected.
UniqueFd NewUdpSocket();

// A TCP socket bound to a loopback port of its own, not listening.
UniqueFd NewBoundTcpSocket();

// The same, listening.
UniqueFd NewListener();

// A non-blocking connect from a new TCP socket to where `to` is bound. The
// connect may be in progress still.
UniqueFd NewConnectionTo(int to);

// The connection that `listener` has.
UniqueFd AcceptFrom(int listener);

// Connects `client`, a TCP socket, and returns the other end.
UniqueFd ConnectAndAccept(int client);

// `path` opened read-only, with `flags` besides. Not on Windows, and nor are
// the next two: they fail the test.
UniqueFd Open(const char* path, int flags = 0);

// A memory-backed regular file opened for reading and writing.
UniqueFd NewRegularFile();

// What epoll refuses to watch and select(2) calls readable and writable; none
// where only sockets can be watched.
std::vector<UniqueFd> NewAlwaysReadyFiles();

// As read(2) and write(2).
ptrdiff_t ReadSome(int fd, void* data, size_t size);
ptrdiff_t WriteSome(int fd, const void* data, size_t size);

// Writes `count` bytes, all of them.
void Write(int fd, size_t count = 1);

// Writes `count` bytes to the peer, and waits until there is something to read.
void Feed(const Ends& ends, size_t count = 1);

// Writes until nothing more goes in, one byte at a time at the end. How many
// bytes went in.
size_t Fill(int fd);

// Reads until nothing more comes out. How many bytes came out.
size_t Drain(int fd);

// Sends a byte of out-of-band data on a TCP socket.
void SendUrgent(int fd);

// Waits until select(2) shows it; not every poll(2) does.
void AwaitUrgent(int fd);

// Reads it.
void TakeUrgent(int fd);

// The pending error of a socket, which this takes.
int TakeError(int fd);

// Closes a socket so that its peer gets a reset.
void Reset(UniqueFd fd);

// Waits until poll(2) reports all of `events` of `fd`: POLLIN, POLLOUT,
// POLLHUP, kFailed or kPeerFinished.
void Await(int fd, int events);

// Whether one of NewSocketPair has been closed, as the other tells: at once,
// but over TCP it may take a moment to.
bool PeerIsClosed(int fd);

// From one number that can be a descriptor's to the next.
extern const int kNumberStep;

// A number far above the lowest free one, so that nothing opened in between
// takes it: a test can close it and come back to it.
extern const int kFreeNumber;

// Makes `number` another name of the file of `fd`.
UniqueFd DuplicateTo(int fd, int number = kFreeNumber);

// Makes another name of the file of `fd`: the lowest free number from `least`.
UniqueFd DuplicateFrom(int fd, int least = 0);

// Raises the limit of descriptors to `count` where there is one, and leaves it
// so.
void AllowDescriptors(int count);

}  // namespace isopoll

#endif  // ISOPOLL_TESTS_CONFORMANCE_DESCRIPTORS_H_
