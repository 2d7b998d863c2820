// Descriptors in well-known states, for the conformance suite.
//
// A function whose effect arrives through the network stack returns only when
// poll(2) shows it, so that a test can state what it expects without waiting.

#ifndef ISOPOLL_TESTS_CONFORMANCE_DESCRIPTORS_H_
#define ISOPOLL_TESTS_CONFORMANCE_DESCRIPTORS_H_

#include <sys/socket.h>

#include <cstddef>
#include <vector>

#include "net/unique_fd.h"

namespace isopoll {

// The descriptor that a test watches, and the one it acts through.
struct Ends {
  UniqueFd fd;
  UniqueFd peer;

  int get() const { return fd.get(); }
};

// Connected and idle.
Ends NewTcp();
Ends NewUnixSocket(int type = SOCK_STREAM);
Ends NewPipe();        // watched: the read end
Ends NewPipeWriter();  // watched: the write end

// A pipe whose read end, the watched one, has a byte to read.
Ends NewReadablePipe();

// The read end of an empty pipe without a writer: a hangup, and end of file.
UniqueFd NewHungUpPipe();

// A TCP socket whose peer reset the connection.
UniqueFd NewResetTcp();

// A Unix-domain stream socket whose peer was closed.
UniqueFd NewHungUpUnixSocket();

// A UDP socket with a pending ECONNREFUSED, and the socket that it talks to,
// which takes datagrams only from itself.
Ends NewRefusedUdp();

// A TCP socket that never was connected: to Linux, one that is hung up.
UniqueFd NewTcpSocket();

// A TCP socket bound to a loopback port of its own, not listening.
UniqueFd NewBoundTcpSocket();

// A non-blocking connect from a new TCP socket to where `to` is bound. The
// connect may be in progress still.
UniqueFd NewConnectionTo(int to);

// Connects `client`, a TCP socket, and returns the other end.
UniqueFd ConnectAndAccept(int client);

// `path` opened read-only, with `flags` besides.
UniqueFd Open(const char* path, int flags = 0);

// A memory-backed regular file opened for reading and writing.
UniqueFd NewRegularFile();

// What epoll refuses to watch and select(2) calls readable and writable.
std::vector<UniqueFd> NewAlwaysReadyFiles();

// Writes `count` bytes, all of them.
void Write(int fd, size_t count = 1);

// Writes until nothing more goes in, one byte at a time at the end. How many
// bytes went in.
size_t Fill(int fd);

// Reads until nothing more comes out. How many bytes came out.
size_t Drain(int fd);

// Sends a byte of out-of-band data on a TCP socket.
void SendUrgent(int fd);

// Waits until select(2) shows it; not every poll(2) does.
void AwaitUrgent(int fd);

// Closes a socket so that its peer gets a reset.
void Reset(UniqueFd fd);

// Waits until poll(2) reports all of `events` of `fd`: POLLIN, ...
void Await(int fd, int events);

// A number far above the lowest free one, so that nothing opened in between
// takes it: a test can close it and come back to it.
constexpr int kFreeNumber = 300;

// Makes `number` another name of the file of `fd`.
UniqueFd DuplicateTo(int fd, int number = kFreeNumber);

// Makes another name of the file of `fd`: the lowest free number from `least`.
UniqueFd DuplicateFrom(int fd, int least = 0);

}  // namespace isopoll

#endif  // ISOPOLL_TESTS_CONFORMANCE_DESCRIPTORS_H_
