#include "isopoll/net/transfer.h"

#include <cerrno>
#include <cstddef>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "isopoll/net/pairs.h"
#include "isopoll/net/socket.h"
#include "isopoll/net/unique_fd.h"
#include "net/internal/sys.h"
#include "tests/net/testing.h"

namespace isopoll {
namespace {

enum class Kind { kTcp, kUnix };

// Two connected stream sockets, and nothing between the tests and SIGPIPE.
class TransferTest : public testing::TestWithParam<Kind> {
 protected:
  void SetUp() override {
    TakeBrokenPipesAsFatal();
    if (GetParam() == Kind::kUnix && !HasSocketPairs()) {
      GTEST_SKIP() << "Windows has no socketpair(2)";
    }
    absl::StatusOr<SocketPairFds> pair =
        GetParam() == Kind::kTcp ? TcpPair() : SocketPair(SOCK_STREAM);
    ASSERT_TRUE(pair.ok()) << pair.status();
    near_ = std::move(pair->first);
    far_ = std::move(pair->second);
  }

  // What `fd` has, up to the size of the buffer.
  absl::StatusOr<Transfer> ReceiveInto(const UniqueFd& fd) {
    return Receive(fd.get(), absl::MakeSpan(buffer_));
  }

  void ExpectReceives(const UniqueFd& fd, absl::string_view expected) {
    ASSERT_TRUE(Await(fd.get(), POLLIN));
    absl::StatusOr<Transfer> got = ReceiveInto(fd);
    ASSERT_TRUE(got.ok()) << got.status();
    EXPECT_FALSE(got->would_block());
    EXPECT_FALSE(got->end_of_file());
    EXPECT_EQ(absl::string_view(buffer_, got->bytes()), expected);
  }

  // Sends until there is no more room, and returns how much that was.
  size_t Fill(const UniqueFd& fd) {
    const std::string block(1 << 16, 'x');
    size_t total = 0;
    while (true) {
      absl::StatusOr<Transfer> sent = Send(fd.get(), block);
      EXPECT_TRUE(sent.ok()) << sent.status();
      if (!sent.ok() || sent->would_block()) return total;
      EXPECT_GT(sent->bytes(), 0u);
      total += sent->bytes();
    }
  }

  char buffer_[64] = {};
  UniqueFd near_;
  UniqueFd far_;
};

INSTANTIATE_TEST_SUITE_P(Kinds, TransferTest,
                         testing::Values(Kind::kTcp, Kind::kUnix),
                         [](const testing::TestParamInfo<Kind>& kind) {
                           return kind.param == Kind::kTcp ? "Tcp" : "Unix";
                         });

void ExpectPeerGone(const absl::StatusOr<Transfer>& result) {
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_TRUE(IsPeerGone(result.status())) << result.status();
}

TEST_P(TransferTest, BytesArrive) {
  absl::StatusOr<Transfer> sent = Send(near_.get(), "hello");
  ASSERT_TRUE(sent.ok()) << sent.status();
  EXPECT_EQ(sent->bytes(), 5u);
  EXPECT_FALSE(sent->would_block());
  ExpectReceives(far_, "hello");
}

TEST_P(TransferTest, NothingToReceiveIsWouldBlock) {
  absl::StatusOr<Transfer> got = ReceiveInto(near_);
  ASSERT_TRUE(got.ok()) << got.status();
  EXPECT_TRUE(got->would_block());
  EXPECT_FALSE(got->end_of_file());
  EXPECT_EQ(got->bytes(), 0u);
}

TEST_P(TransferTest, NoRoomToSendIsWouldBlockAfterAPart) {
  EXPECT_GT(Fill(near_), 0u);
  ASSERT_TRUE(Await(far_.get(), POLLIN));
  absl::StatusOr<Transfer> got = ReceiveInto(far_);
  ASSERT_TRUE(got.ok()) << got.status();
  EXPECT_EQ(got->bytes(), sizeof(buffer_));
}

TEST_P(TransferTest, DataComesBeforeEndOfFile) {
  ASSERT_TRUE(Send(near_.get(), "last").ok());
  near_.reset();
  ExpectReceives(far_, "last");
  ASSERT_TRUE(Await(far_.get(), POLLIN));
  for (int i = 0; i < 2; ++i) {
    absl::StatusOr<Transfer> got = ReceiveInto(far_);
    ASSERT_TRUE(got.ok()) << got.status();
    EXPECT_TRUE(got->end_of_file());
    EXPECT_FALSE(got->would_block());
    EXPECT_EQ(got->bytes(), 0u);
  }
}

TEST_P(TransferTest, HalfCloseLeavesTheOtherDirection) {
  ASSERT_TRUE(ShutdownWrite(near_.get()).ok());
  ASSERT_TRUE(Await(far_.get(), POLLIN));
  absl::StatusOr<Transfer> got = ReceiveInto(far_);
  ASSERT_TRUE(got.ok()) << got.status();
  EXPECT_TRUE(got->end_of_file());
  ASSERT_TRUE(Send(far_.get(), "answer").ok());
  ExpectReceives(near_, "answer");
}

// A reset: TCP by SO_LINGER, Unix-domain by closing with data unread.
TEST_P(TransferTest, ResetIsReportedOnceThenEndOfFile) {
  if (OnWine()) GTEST_SKIP() << "Wine's server may take the error";
  ASSERT_TRUE(Send(near_.get(), "unread").ok());
  ASSERT_TRUE(Await(far_.get(), POLLIN));
  if (GetParam() == Kind::kTcp) {
    CloseWithReset(far_.release());
  } else {
    far_.reset();
  }
  ASSERT_TRUE(Await(near_.get(), POLLIN));
  absl::StatusOr<Transfer> got = ReceiveInto(near_);
  ExpectPeerGone(got);
  EXPECT_NE(got.status().message().find("recv on fd "), std::string::npos);
  absl::StatusOr<Transfer> next = ReceiveInto(near_);
  ASSERT_TRUE(next.ok()) << next.status();
  EXPECT_TRUE(next->end_of_file());
}

// Still being alive at the end is the point of these two.
TEST_P(TransferTest, SendToAClosedPeerRaisesNoSignal) {
  ASSERT_TRUE(Send(near_.get(), "unread").ok());
  ASSERT_TRUE(Await(far_.get(), POLLIN));
  far_.reset();
  ASSERT_TRUE(Await(near_.get(), POLLIN));
  ExpectPeerGone(Send(near_.get(), "x"));  // reset, where that is first
  ExpectPeerGone(Send(near_.get(), "x"));
}

TEST_P(TransferTest, SendAfterOwnShutdownRaisesNoSignal) {
  ASSERT_TRUE(ShutdownWrite(near_.get()).ok());
  absl::StatusOr<Transfer> sent = Send(near_.get(), "x");
  ExpectPeerGone(sent);
  EXPECT_NE(sent.status().message().find("send on fd "), std::string::npos);
}

TEST_P(TransferTest, EmptyBufferMovesNothingAndIsNotEndOfFile) {
  ASSERT_TRUE(Send(far_.get(), "data").ok());
  ASSERT_TRUE(Await(near_.get(), POLLIN));
  absl::StatusOr<Transfer> got = Receive(near_.get(), absl::Span<char>());
  ASSERT_TRUE(got.ok()) << got.status();
  EXPECT_EQ(got->bytes(), 0u);
  EXPECT_FALSE(got->end_of_file());
  EXPECT_FALSE(got->would_block());
  ExpectReceives(near_, "data");

  absl::StatusOr<Transfer> sent = Send(near_.get(), "");
  ASSERT_TRUE(sent.ok()) << sent.status();
  EXPECT_EQ(sent->bytes(), 0u);
  EXPECT_FALSE(sent->would_block());
}

// Whatever the socket would say of it.
TEST_P(TransferTest, NothingToSendIsNoErrorAfterOwnShutdown) {
  ASSERT_TRUE(ShutdownWrite(near_.get()).ok());
  absl::StatusOr<Transfer> sent = Send(near_.get(), "");
  ASSERT_TRUE(sent.ok()) << sent.status();
  EXPECT_EQ(sent->bytes(), 0u);
}

TEST_P(TransferTest, TellsHowMuchThereIs) {
  EXPECT_EQ(BytesToReceive(far_.get()), 0u);
  ASSERT_TRUE(Send(near_.get(), "hello").ok());
  ASSERT_TRUE(Await(far_.get(), POLLIN));
  EXPECT_EQ(BytesToReceive(far_.get()), 5u);
}

TEST(TransferErrorTest, BadDescriptorIsNotAGonePeer) {
  char buffer[1];
  const absl::Status received = Receive(-1, absl::MakeSpan(buffer)).status();
  EXPECT_EQ(received.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(received.message(),
            absl::StrCat("recv on fd -1: ", ErrorText(EBADF)));
  EXPECT_FALSE(IsPeerGone(received));

  const absl::Status sent = Send(-1, "x").status();
  EXPECT_EQ(sent.message(), absl::StrCat("send on fd -1: ", ErrorText(EBADF)));
  EXPECT_FALSE(IsPeerGone(sent));
}

TEST(TransferErrorTest, WhatCannotBeToldIsNothingOnTheWay) {
  EXPECT_EQ(BytesToReceive(-1), 0u);
  EXPECT_EQ(BytesUnsent(-1), 0u);
}

TEST(TransferErrorTest, OkIsNotAGonePeer) {
  EXPECT_FALSE(IsPeerGone(absl::OkStatus()));
}

}  // namespace
}  // namespace isopoll
