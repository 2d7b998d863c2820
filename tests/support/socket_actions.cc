#include "tests/support/socket_actions.h"

#include <cerrno>
#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "isopoll/net/unique_fd.h"
#include "net/internal/descriptors.h"
#include "net/internal/sys.h"
#include "tests/support/bind_anywhere.h"
#include "tests/support/on_fd.h"
#include "tests/support/quiet_io.h"
#include "tests/support/special_commands.h"
#include "tests/support/world.h"

namespace isopoll::tests {
namespace {

absl::Status Bind(World& world, const Step& step) {
  absl::StatusOr<int> fd = world.Fd(step.word(1));
  if (!fd.ok()) return fd.status();
  absl::Status bound = BindAnywhere(*fd);
  if (bound.ok()) world.LearnAddress(step.word(1));
  return bound;
}

absl::Status Backlog(int fd, const Step& step) {
  return OkIf(sys::Listen(fd, static_cast<int>(step.number(2))) == 0, "listen");
}

absl::Status Connect(World& world, const Step& step) {
  absl::StatusOr<int> fd = world.Fd(step.word(1));
  if (!fd.ok()) return fd.status();
  absl::StatusOr<World::Address> address = world.AddressOf(step.word(2));
  if (!address.ok()) return address.status();
  const int done = sys::Connect(
      *fd, reinterpret_cast<sockaddr*>(&address->storage), address->length);
  return OkIf(done == 0 || errno == EINPROGRESS, "connect");
}

absl::Status Accept(World& world, const Step& step) {
  absl::StatusOr<int> fd = world.Fd(step.word(1));
  if (!fd.ok()) return fd.status();
  return world.Own(step.word(2),
                   UniqueFd(internal::AcceptSocket(*fd, nullptr, nullptr)));
}

absl::Status Shutdown(int fd, const Step& step) {
  int how = SHUT_RDWR;
  if (step.word(2) == "r") how = SHUT_RD;
  if (step.word(2) == "w") how = SHUT_WR;
  return OkIf(sys::Shutdown(fd, how) == 0, "shutdown");
}

absl::Status Reset(World& world, const Step& step) {
  absl::StatusOr<int> fd = world.Fd(step.word(1));
  if (!fd.ok()) return fd.status();
  const linger at_once = {1, 0};
  if (sys::SetSockOpt(*fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once)) !=
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
  const ptrdiff_t sent = sys::SendTo(
      *fd, data.data(), data.size(),
      reinterpret_cast<sockaddr*>(&address->storage), address->length);
  return OkIf(sent >= 0, "sendto");
}

absl::Status Urgent(int fd, const Step&) {
  return OkIf(QuietWriteUrgent(fd, '!'), "send(MSG_OOB)");
}

absl::Status RecvUrgent(int fd, const Step&) {
  char byte;
  return OkIf(QuietReadUrgent(fd, &byte), "recv(MSG_OOB)");
}

absl::Status TakeError(int fd, const Step&) {
  int error = 0;
  socklen_t size = sizeof(error);
  if (sys::GetSockOpt(fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0) {
    return absl::ErrnoToStatus(errno, "getsockopt(SO_ERROR)");
  }
  if (error != 0) return absl::OkStatus();
  return absl::NotFoundError("no error was pending");
}

absl::Status OobInline(int fd, const Step&) {
  const int on = 1;
  return OkIf(
      sys::SetSockOpt(fd, SOL_SOCKET, SO_OOBINLINE, &on, sizeof(on)) == 0,
      "setsockopt");
}

constexpr Command kActions[] = {
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
};

}  // namespace

absl::Span<const Command> SocketActions() {
  static const auto& all =
      *new std::vector<Command>(Joined({kActions, ThresholdActions()}));
  return all;
}

}  // namespace isopoll::tests
