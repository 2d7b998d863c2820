// Accept and TcpPair against answers of accept(2) and poll(2) that a test
// cannot bring about at will. This program has an accept4 and a poll of its
// own, which the linker takes in place of the C library's.

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <ctime>
#include <deque>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "isopoll/net/pairs.h"
#include "isopoll/net/socket.h"
#include "isopoll/net/socket_address.h"
#include "isopoll/net/transfer.h"
#include "isopoll/net/unique_fd.h"
#include "tests/net/testing.h"

namespace {

// The errors that the next calls give; after them the kernel is asked.
std::deque<int>& Script() {
  static auto& script = *new std::deque<int>();
  return script;
}

// In the script: a connection of another program's, which is none here.
constexpr int kStranger = -1;

// If not 0, the error that every call gives.
int standing_error = 0;
int accept_calls = 0;

int NextError() {
  ++accept_calls;
  if (standing_error != 0 || Script().empty()) return standing_error;
  const int error = Script().front();
  Script().pop_front();
  return error;
}

int AcceptStranger(sockaddr* address, socklen_t* length) {
  sockaddr_in stranger = {};
  stranger.sin_family = AF_INET;
  std::memcpy(address, &stranger, sizeof(stranger));
  *length = sizeof(stranger);
  return ::dup(STDERR_FILENO);
}

// Of the calls to poll: how many go on to the kernel before one finds that the
// time is up; and what the last one was to wait.
int polls_before_timeout = -1;
int poll_timeout = 0;

}  // namespace

extern "C" int accept4(int fd, sockaddr* address, socklen_t* length,
                       int flags) {
  const int error = NextError();
  if (error == kStranger) return AcceptStranger(address, length);
  if (error != 0) {
    errno = error;
    return -1;
  }
  return static_cast<int>(::syscall(SYS_accept4, fd, address, length, flags));
}

extern "C" int poll(pollfd* entries, nfds_t count, int timeout) {
  poll_timeout = timeout;
  if (polls_before_timeout-- == 0) return 0;
  timespec time = {timeout / 1000, timeout % 1000 * 1000000};
  return static_cast<int>(::syscall(SYS_ppoll, entries, count,
                                    timeout < 0 ? nullptr : &time, nullptr, 0));
}

namespace isopoll {
namespace {

// A listener with one connection in its queue.
class AcceptTest : public testing::Test {
 protected:
  void SetUp() override {
    absl::StatusOr<UniqueFd> listener = Listen(Address("127.0.0.1:0"));
    ASSERT_TRUE(listener.ok()) << listener.status();
    listener_ = *std::move(listener);
    absl::StatusOr<UniqueFd> client = Connect(*LocalAddress(listener_.get()));
    ASSERT_TRUE(client.ok()) << client.status();
    client_ = *std::move(client);
    ASSERT_TRUE(Await(listener_.get(), POLLIN));
  }

  void TearDown() override {
    Script().clear();
    standing_error = 0;
    accept_calls = 0;
    polls_before_timeout = -1;
  }

  void ExpectAccepts() {
    absl::StatusOr<std::optional<Accepted>> accepted = Accept(listener_.get());
    ASSERT_TRUE(accepted.ok()) << accepted.status();
    ASSERT_TRUE(accepted->has_value());
    EXPECT_EQ((*accepted)->peer.ToString(),
              LocalAddress(client_.get())->ToString());
    EXPECT_TRUE(Script().empty());
  }

  UniqueFd listener_;
  UniqueFd client_;
};

TEST_F(AcceptTest, ConnectionsThatDiedInTheQueueArePassedOver) {
  Script() = {ECONNABORTED, EHOSTDOWN,   EHOSTUNREACH, ENETDOWN, ENETUNREACH,
              ENONET,       ENOPROTOOPT, EOPNOTSUPP,   EPROTO,   ECONNABORTED};
  ExpectAccepts();
}

TEST_F(AcceptTest, InterruptionIsInvisible) {
  Script() = {EINTR, EINTR};
  ExpectAccepts();
}

TEST_F(AcceptTest, NoConnectionAfterADeadOneIsNothing) {
  Script() = {ECONNABORTED, EAGAIN};
  absl::StatusOr<std::optional<Accepted>> accepted = Accept(listener_.get());
  ASSERT_TRUE(accepted.ok()) << accepted.status();
  EXPECT_FALSE(accepted->has_value());
}

TEST_F(AcceptTest, ShortageIsReportedAndTheConnectionWaits) {
  for (const int error : {EMFILE, ENFILE, ENOBUFS, ENOMEM}) {
    Script() = {error};
    absl::StatusOr<std::optional<Accepted>> accepted = Accept(listener_.get());
    ASSERT_FALSE(accepted.ok());
    EXPECT_EQ(accepted.status().code(), absl::StatusCode::kResourceExhausted)
        << accepted.status();
  }
  ExpectAccepts();
}

TEST_F(AcceptTest, ErrorThatNeverEndsIsReported) {
  standing_error = EPROTO;
  absl::StatusOr<std::optional<Accepted>> accepted = Accept(listener_.get());
  ASSERT_FALSE(accepted.ok());
  EXPECT_NE(accepted.status().message().find("accept on fd "),
            absl::string_view::npos);
  EXPECT_EQ(accept_calls, 1 << 16);
}

// With an empty queue a kernel says that it has no descriptors, not no memory.
TEST_F(AcceptTest, ShortageOfDescriptorsIsNothingIfNobodyWaits) {
  ExpectAccepts();
  for (const int error : {EMFILE, ENFILE}) {
    Script() = {error};
    absl::StatusOr<std::optional<Accepted>> accepted = Accept(listener_.get());
    ASSERT_TRUE(accepted.ok()) << accepted.status();
    EXPECT_FALSE(accepted->has_value());
    EXPECT_EQ(poll_timeout, 0);
  }
  Script() = {ENOMEM};
  EXPECT_FALSE(Accept(listener_.get()).ok());
}

class TcpPairTest : public AcceptTest {
 protected:
  static void ExpectPair() {
    const absl::StatusOr<SocketPairFds> pair = TcpPair();
    ASSERT_TRUE(pair.ok()) << pair.status();
    EXPECT_TRUE(Script().empty());
    ASSERT_TRUE(Send(pair->first.get(), "x").ok());
    ASSERT_TRUE(Await(pair->second.get(), POLLIN));
    EXPECT_EQ(BytesToReceive(pair->second.get()), 1u);
  }
};

TEST_F(TcpPairTest, ConnectionThatIsNotThereYetIsAwaited) {
  Script() = {EAGAIN};
  ExpectPair();
}

TEST_F(TcpPairTest, ConnectionOfAnotherProgramIsPassedOver) {
  Script() = {kStranger};
  ExpectPair();
}

TEST_F(TcpPairTest, HandshakeThatDoesNotEndIsAnError) {
  for (const int before : {0, 1}) {
    polls_before_timeout = before;
    const absl::Status status = TcpPair().status();
    EXPECT_EQ(status.code(), absl::StatusCode::kDeadlineExceeded) << status;
    EXPECT_EQ(poll_timeout, 10000);
  }
}

}  // namespace
}  // namespace isopoll
