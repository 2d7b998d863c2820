// R1 for a file that has nothing to queue on when it is added: a tun before it
// has an interface, of which poll says POLLERR and no more.

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <cstring>
#include <memory>
#include <string>
#include <thread>

#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "isopoll/interest.h"
#include "isopoll/net/unique_fd.h"
#include "isopoll/poller.h"
#include "tests/conformance/matchers.h"
#include "tests/conformance/poller_test_base.h"

namespace isopoll {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

ifreq InterfaceRequest(short flags) {
  ifreq request = {};
  std::strcpy(request.ifr_name, "isopoll");
  request.ifr_flags = flags;
  return request;
}

// A packet for the interface, which is read from its tun.
void SendPacket(const UniqueFd& socket) {
  ifreq request = InterfaceRequest(0);
  ASSERT_EQ(::ioctl(socket.get(), SIOCGIFINDEX, &request), 0);
  sockaddr_ll to = {};
  to.sll_family = AF_PACKET;
  to.sll_protocol = htons(ETH_P_IP);
  to.sll_ifindex = request.ifr_ifindex;
  const char packet[20] = {0x45};
  ASSERT_EQ(::sendto(socket.get(), packet, sizeof(packet), 0,
                     reinterpret_cast<sockaddr*>(&to), sizeof(to)),
            static_cast<ssize_t>(sizeof(packet)));
}

// In a network of its own, which ends with this thread.
void TestTun(Poller& poller, std::string* skipped) {
  if (::unshare(CLONE_NEWNET) != 0) {
    *skipped = "this user may not make a network";
    return;
  }
  UniqueFd tun(::open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC));
  if (!tun) {
    *skipped = "/dev/net/tun cannot be opened";
    return;
  }
  ASSERT_THAT(poller.Add(tun.get(), kReadable, 7), IsOk());
  EXPECT_THAT(Look(poller), ElementsAre(EventIs(tun.get(), 7, kReadable)));

  ifreq request = InterfaceRequest(IFF_TUN | IFF_NO_PI);
  ASSERT_EQ(::ioctl(tun.get(), TUNSETIFF, &request), 0);
  EXPECT_THAT(Look(poller), IsEmpty());

  UniqueFd socket(
      ::socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, htons(ETH_P_IP)));
  ASSERT_TRUE(socket);
  request = InterfaceRequest(IFF_UP);
  ASSERT_EQ(::ioctl(socket.get(), SIOCSIFFLAGS, &request), 0);
  SendPacket(socket);
  EXPECT_THAT(WaitOn(poller, absl::Seconds(10)).events,
              ElementsAre(EventIs(tun.get(), 7, kReadable)));
}

class LateQueueTest : public testing::TestWithParam<Backend> {};

TEST_P(LateQueueTest, Tun) {
  PollerOptions options;
  options.backend = GetParam();
  const std::unique_ptr<Poller> poller = *Poller::Create(options);
  std::string skipped;
  std::thread([&] { TestTun(*poller, &skipped); }).join();
  if (!skipped.empty()) GTEST_SKIP() << skipped;
}

INSTANTIATE_TEST_SUITE_P(Backends, LateQueueTest,
                         testing::ValuesIn(SupportedBackends()),
                         [](const testing::TestParamInfo<Backend>& backend) {
                           return std::string(BackendName(backend.param));
                         });

}  // namespace
}  // namespace isopoll
