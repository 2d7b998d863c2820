// Accept against errors of accept(2) that a test cannot bring about at will.
// This program has an accept4 of its own, which the linker takes in place of
// the C library's.

#include <poll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <deque>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "net/socket.h"
#include "net/socket_address.h"
#include "net/unique_fd.h"
#include "tests/net/testing.h"

namespace {

// The errors that the next calls give; after them the kernel is asked.
std::deque<int>& Script() {
  static auto& script = *new std::deque<int>();
  return script;
}

// If not 0, the error that every call gives.
int standing_error = 0;

int NextError() {
  if (standing_error != 0 || Script().empty()) return standing_error;
  const int error = Script().front();
  Script().pop_front();
  return error;
}

}  // namespace

extern "C" int accept4(int fd, sockaddr* address, socklen_t* length,
                       int flags) {
  if (const int error = NextError(); error != 0) {
    errno = error;
    return -1;
  }
  return static_cast<int>(::syscall(SYS_accept4, fd, address, length, flags));
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
}

}  // namespace
}  // namespace isopoll
