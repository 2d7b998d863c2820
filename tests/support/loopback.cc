#include "tests/support/loopback.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>

namespace isopoll::tests {
namespace {

// SYN, SYN-ACK, ACK, and one to spare.
constexpr int kLongestChain = 4;
constexpr int kPatienceMs = 10'000;

}  // namespace

StayOnCpu::StayOnCpu() {
  if (::sched_getaffinity(0, sizeof(before_), &before_) != 0) {
    CPU_ZERO(&before_);
  }
  cpu_set_t here;
  CPU_ZERO(&here);
  CPU_SET(::sched_getcpu(), &here);
  ::sched_setaffinity(0, sizeof(here), &here);
}

StayOnCpu::~StayOnCpu() {
  if (CPU_COUNT(&before_) > 0) {
    ::sched_setaffinity(0, sizeof(before_), &before_);
  }
}

absl::Status LoopbackBarrier::Open() {
  UniqueFd fd(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd) return absl::ErrnoToStatus(errno, "socket, for the barrier");
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  socklen_t length = sizeof(address);
  if (::bind(fd.get(), generic, length) != 0 ||
      ::getsockname(fd.get(), generic, &length) != 0 ||
      ::connect(fd.get(), generic, length) != 0) {
    return absl::ErrnoToStatus(errno, "connecting the barrier to itself");
  }
  socket_ = std::move(fd);
  return absl::OkStatus();
}

absl::Status LoopbackBarrier::SendAndReceive() {
  char byte = 0;
  if (::send(socket_.get(), &byte, 1, 0) != 1) {
    return absl::ErrnoToStatus(errno, "send, at the barrier");
  }
  while (::recv(socket_.get(), &byte, 1, 0) != 1) {
    pollfd entry = {socket_.get(), POLLIN, 0};
    const int ready = ::poll(&entry, 1, kPatienceMs);
    if (ready < 0 && errno != EINTR) {
      return absl::ErrnoToStatus(errno, "poll, at the barrier");
    }
    if (ready == 0) {
      return absl::DeadlineExceededError(
          "a datagram over loopback did not arrive in 10 s");
    }
  }
  return absl::OkStatus();
}

absl::Status LoopbackBarrier::Pass() {
  if (!socket_) {
    if (absl::Status status = Open(); !status.ok()) return status;
  }
  for (int round = 0; round < kLongestChain; ++round) {
    if (absl::Status status = SendAndReceive(); !status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace isopoll::tests
