// R1: a socket's error queue, which select(2) calls a priority with
// SO_SELECT_ERR_QUEUE, wakes a Wait. Linux.
//
// Linux wakes for it by POLLERR alone, which a select(2) for priority does not
// hear of in its sleep (fs/select.c, POLLEX_SET).

#include <linux/net_tstamp.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "isopoll/interest.h"
#include "isopoll/net/unique_fd.h"
#include "isopoll/poller.h"
#include "tests/conformance/background_wait.h"
#include "tests/conformance/descriptors.h"
#include "tests/conformance/matchers.h"
#include "tests/conformance/poller_test_base.h"

namespace isopoll {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class ErrorQueueTest : public PollerTest {
 protected:
  // A UDP socket that is connected to one that takes nothing from it, with
  // errors of the queue told as priority.
  static Ends NewUdp() {
    Ends udp = NewRefusedUdp();
    int error;
    socklen_t length = sizeof(error);
    EXPECT_EQ(::getsockopt(udp.get(), SOL_SOCKET, SO_ERROR, &error, &length),
              0);
    Switch(udp.get(), SOL_SOCKET, SO_SELECT_ERR_QUEUE, 1);
    return udp;
  }

  static void Switch(int fd, int level, int option, int value) {
    EXPECT_EQ(::setsockopt(fd, level, option, &value, sizeof(value)), 0);
  }

  // Sends a datagram while a Wait sleeps, which has one entry queued.
  void ExpectWakes(int fd) {
    ASSERT_THAT(poller().Add(fd, kPriority, 1), IsOk());
    EXPECT_THAT(Look(), IsEmpty());
    BackgroundWait wait(poller());
    Write(fd);
    EXPECT_THAT(wait.Finish().events, ElementsAre(EventIs(fd, 1, kPriority)));
    EXPECT_THAT(Look(), ElementsAre(EventIs(fd, 1, kPriority)));
  }
};

TEST_P(ErrorQueueTest, TransmitTimestampWakes) {
  const Ends udp = NewUdp();
  Switch(udp.get(), SOL_SOCKET, SO_TIMESTAMPING,
         SOF_TIMESTAMPING_TX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE |
             SOF_TIMESTAMPING_OPT_TSONLY);
  ExpectWakes(udp.get());
}

TEST_P(ErrorQueueTest, RefusalWakes) {
  const Ends udp = NewUdp();
  Switch(udp.get(), IPPROTO_IP, IP_RECVERR, 1);
  ExpectWakes(udp.get());
}

ISOPOLL_ON_EVERY_KIND(ErrorQueueTest);

}  // namespace
}  // namespace isopoll
