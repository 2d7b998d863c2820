#include "tests/support/socket_actions.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "net/unique_fd.h"
#include "tests/support/bind_anywhere.h"
#include "tests/support/on_fd.h"
#include "tests/support/world.h"

namespace isopoll::tests {
namespace {

absl::Status SetOption(int fd, int level, int option, int value) {
  return OkIf(::setsockopt(fd, level, option, &value, sizeof(value)) == 0,
              "setsockopt");
}

absl::Status Bind(World& world, const Step& step) {
  absl::StatusOr<int> fd = world.Fd(step.word(1));
  if (!fd.ok()) return fd.status();
  absl::Status bound = BindAnywhere(*fd);
  if (bound.ok()) world.LearnAddress(step.word(1));
  return bound;
}

absl::Status Backlog(int fd, const Step& step) {
  return OkIf(::listen(fd, static_cast<int>(step.number(2))) == 0, "listen");
}

absl::Status Connect(World& world, const Step& step) {
  absl::StatusOr<int> fd = world.Fd(step.word(1));
  if (!fd.ok()) return fd.status();
  absl::StatusOr<World::Address> address = world.AddressOf(step.word(2));
  if (!address.ok()) return address.status();
  const int done = ::connect(
      *fd, reinterpret_cast<sockaddr*>(&address->storage), address->length);
  return OkIf(done == 0 || errno == EINPROGRESS, "connect");
}

absl::Status Accept(World& world, const Step& step) {
  absl::StatusOr<int> fd = world.Fd(step.word(1));
  if (!fd.ok()) return fd.status();
  return world.Own(
      step.word(2),
      UniqueFd(::accept4(*fd, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC)));
}

absl::Status Shutdown(int fd, const Step& step) {
  int how = SHUT_RDWR;
  if (step.word(2) == "r") how = SHUT_RD;
  if (step.word(2) == "w") how = SHUT_WR;
  return OkIf(::shutdown(fd, how) == 0, "shutdown");
}

absl::Status Reset(World& world, const Step& step) {
  absl::StatusOr<int> fd = world.Fd(step.word(1));
  if (!fd.ok()) return fd.status();
  const linger at_once = {1, 0};
  if (::setsockopt(*fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once)) !=
      0) {
    return absl::ErrnoToStatus(errno, "setsockopt(SO_LINGER)");
  }
  return world.Close(step.word(1));
}

absl::Status SendTo(World& world, const Step& step) {
  absl::StatusOr<int> fd = world.Fd(step.word(1));
  if (!fd.ok()) return fd.status();
  absl::StatusOr<World::Address> address = world.AddressOf(step.word(2));
  if (!address.ok()) return address.status();
  const std::string data(step.number(3), 'x');
  const ssize_t sent =
      ::sendto(*fd, data.data(), data.size(), MSG_DONTWAIT | MSG_NOSIGNAL,
               reinterpret_cast<sockaddr*>(&address->storage), address->length);
  return OkIf(sent >= 0, "sendto");
}

absl::Status Urgent(int fd, const Step&) {
  return OkIf(::send(fd, "!", 1, MSG_OOB | MSG_DONTWAIT | MSG_NOSIGNAL) == 1,
              "send(MSG_OOB)");
}

absl::Status RecvUrgent(int fd, const Step&) {
  char byte;
  return OkIf(::recv(fd, &byte, 1, MSG_OOB | MSG_DONTWAIT) == 1,
              "recv(MSG_OOB)");
}

absl::Status TakeError(int fd, const Step&) {
  int error = 0;
  socklen_t size = sizeof(error);
  if (::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0) {
    return absl::ErrnoToStatus(errno, "getsockopt(SO_ERROR)");
  }
  if (error != 0) return absl::OkStatus();
  return absl::NotFoundError("no error was pending");
}

absl::Status OobInline(int fd, const Step&) {
  return SetOption(fd, SOL_SOCKET, SO_OOBINLINE, 1);
}

absl::Status RcvLowat(int fd, const Step& step) {
  return SetOption(fd, SOL_SOCKET, SO_RCVLOWAT,
                   static_cast<int>(step.number(2)));
}

absl::Status NotSentLowat(int fd, const Step& step) {
  return SetOption(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT,
                   static_cast<int>(step.number(2)));
}

absl::Status DeferAccept(int fd, const Step&) {
  return SetOption(fd, IPPROTO_TCP, TCP_DEFER_ACCEPT, 60);
}

constexpr Command kSocketActions[] = {
    {"bind NAME", "binds to an address that the kernel chooses", Bind},
    {"backlog NAME COUNT", "listens, or changes how many may wait",
     OnFd<Backlog>},
    {"connect NAME NAME", "begins to connect the first to the second", Connect},
    {"accept NAME NEW", "accept", Accept},
    {"shutdown NAME r|w|rw", "shutdown", OnFd<Shutdown>},
    {"reset NAME", "closes without linger, so that TCP sends RST", Reset},
    {"sendto NAME NAME COUNT", "a datagram from the first to the second",
     SendTo},
    {"urgent NAME", "sends one byte out of band", OnFd<Urgent>},
    {"recv_urgent NAME", "reads the byte out of band", OnFd<RecvUrgent>},
    {"oobinline NAME", "SO_OOBINLINE", OnFd<OobInline>},
    {"take_error NAME", "reads SO_ERROR, which clears it", OnFd<TakeError>},
    {"rcvlowat NAME COUNT", "SO_RCVLOWAT", OnFd<RcvLowat>},
    {"notsent_lowat NAME COUNT", "TCP_NOTSENT_LOWAT", OnFd<NotSentLowat>},
    {"defer_accept NAME", "TCP_DEFER_ACCEPT", OnFd<DeferAccept>},
};

}  // namespace

absl::Span<const Command> SocketActions() { return kSocketActions; }

}  // namespace isopoll::tests
