// Options that make a socket ready later.

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "absl/status/status.h"
#include "tests/support/on_fd.h"
#include "tests/support/special_commands.h"

namespace isopoll::tests {
namespace {

absl::Status SetOption(int fd, int level, int option, int value) {
  return OkIf(::setsockopt(fd, level, option, &value, sizeof(value)) == 0,
              "setsockopt");
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

constexpr Command kThresholdActions[] = {
    {"rcvlowat NAME COUNT", "SO_RCVLOWAT", OnFd<RcvLowat>},
    {"notsent_lowat NAME COUNT", "TCP_NOTSENT_LOWAT", OnFd<NotSentLowat>},
    {"defer_accept NAME", "TCP_DEFER_ACCEPT", OnFd<DeferAccept>},
};

}  // namespace

absl::Span<const Command> ThresholdActions() { return kThresholdActions; }

}  // namespace isopoll::tests
