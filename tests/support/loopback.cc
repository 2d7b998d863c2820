#include "tests/support/loopback.h"

#include <cerrno>
#include <utility>

#include "net/internal/descriptors.h"
#include "net/internal/sys.h"
#include "tests/support/thread_cpus.h"

namespace isopoll::tests {
namespace {

// SYN, SYN-ACK, ACK, and one to spare.
constexpr int kLongestChain = 4;
constexpr int kPatienceMs = 10'000;

}  // namespace

StayOnCpu::StayOnCpu() : before_(ThreadCpus()) { RunOn({CurrentCpu()}); }

StayOnCpu::~StayOnCpu() {
  if (!before_.empty()) RunOn(before_);
}

absl::Status LoopbackBarrier::Open() {
  UniqueFd fd(internal::OpenSocket(AF_INET, SOCK_DGRAM));
  if (!fd) return absl::ErrnoToStatus(errno, "socket, for the barrier");
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  socklen_t length = sizeof(address);
  if (sys::Bind(fd.get(), generic, length) != 0 ||
      sys::GetSockName(fd.get(), generic, &length) != 0 ||
      sys::ConnectAtOnce(fd.get(), generic, length) != 0) {
    return absl::ErrnoToStatus(errno, "connecting the barrier to itself");
  }
  socket_ = std::move(fd);
  return absl::OkStatus();
}

absl::Status LoopbackBarrier::SendAndReceive() {
  char byte = 0;
  if (sys::Send(socket_.get(), &byte, 1) != 1) {
    return absl::ErrnoToStatus(errno, "send, at the barrier");
  }
  while (sys::Recv(socket_.get(), &byte, 1) != 1) {
    const int ready = sys::PollOne(socket_.get(), POLLIN, kPatienceMs);
    if (ready < 0) return absl::ErrnoToStatus(errno, "poll, at the barrier");
    if (ready == 0) {
      return absl::DeadlineExceededError(
          "a datagram over loopback did not arrive in 10 s");
    }
  }
  return absl::OkStatus();
}

absl::Status LoopbackBarrier::PassHere() {
  for (int round = 0; round < kLongestChain; ++round) {
    if (absl::Status status = SendAndReceive(); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status LoopbackBarrier::Pass() {
  if (!socket_) {
    if (absl::Status status = Open(); !status.ok()) return status;
  }
  const std::vector<int> cpus = SendingCpus();
  for (int cpu : cpus) {
    if (cpus.size() > 1) RunOn({cpu});
    if (absl::Status status = PassHere(); !status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace isopoll::tests
