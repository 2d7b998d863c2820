// Whom the datagram service does not answer at Unix-domain names, lest it talk
// to itself for ever.

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "isopoll/backend.h"
#include "isopoll/net/datagram.h"
#include "isopoll/net/socket_address.h"
#include "isopoll/net/unique_fd.h"
#include "tests/conformance/eventually.h"
#include "tests/echo/support/running_server.h"
#include "tests/net/testing.h"

namespace isopoll::echo {
namespace {

void SendTo(const UniqueFd& fd, const SocketAddress& server,
            absl::string_view data) {
  EXPECT_EQ(*SendDatagram(fd.get(), data, &server), Sent::kYes);
}

void AwaitReceived(RunningServer& running, uint64_t count) {
  EXPECT_TRUE(Eventually([&] {
    return running.server().stats().datagrams_received >= count;
  })) << running.server().stats().datagrams_received;
}

class UnixDatagramTest : public testing::Test {
 protected:
  UnixDatagramTest()
      : running_(DefaultBackend(), {},
                 absl::StrCat("unix-dgram:", scratch_.Path("server"))) {
    running_.Start();
  }

  // A socket with that name, as it is.
  static UniqueFd Named(const std::string& name) {
    UniqueFd fd(::socket(AF_UNIX, SOCK_DGRAM, 0));
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, name.c_str(), sizeof(address.sun_path) - 1);
    EXPECT_EQ(::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address),
                     sizeof(address)),
              0);
    return fd;
  }

  ScratchDirectory scratch_;
  RunningServer running_;
};

// To the server it names what is called so in the server's folder.
TEST_F(UnixDatagramTest, DoesNotAnswerARelativeName) {
  char here[4096];
  ASSERT_NE(::getcwd(here, sizeof(here)), nullptr);
  const ScratchDirectory elsewhere;
  ASSERT_EQ(::chdir(elsewhere.Path(".").c_str()), 0);
  const UniqueFd sender = Named("server");
  ASSERT_EQ(::chdir(scratch_.Path(".").c_str()), 0);
  SendTo(sender, running_.address(), "you are it");
  AwaitReceived(running_, 1);
  ASSERT_EQ(::chdir(here), 0);
  EXPECT_TRUE(running_.Stop().ok());
  EXPECT_EQ(running_.stats().datagrams_received, 1) << "it spoke to itself";
  EXPECT_EQ(running_.stats().datagrams_unanswerable, 1);
}

// The sender has put a link to the server in place of its own name.
TEST_F(UnixDatagramTest, DoesNotAnswerItself) {
  const std::string name = scratch_.Path("sender");
  const UniqueFd sender = Named(name);
  ASSERT_EQ(::unlink(name.c_str()), 0);
  ASSERT_EQ(::symlink(scratch_.Path("server").c_str(), name.c_str()), 0);
  SendTo(sender, running_.address(), "you are it");
  AwaitReceived(running_, 2);
  EXPECT_TRUE(running_.Stop().ok());
  EXPECT_EQ(running_.stats().datagrams_received, 2) << "it went on";
  EXPECT_EQ(running_.stats().datagrams_unanswerable, 1);
}

}  // namespace
}  // namespace isopoll::echo
