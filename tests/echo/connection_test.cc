#include "echo/loop/connection.h"

#include <string>
#include <utility>

#include "gtest/gtest.h"
#include "isopoll/net/pairs.h"
#include "isopoll/net/socket.h"
#include "isopoll/net/transfer.h"
#include "tests/echo/support/peer.h"

namespace isopoll::echo {
namespace {

constexpr size_t kBuffer = 8;

// A connection over a Unix-domain pair, where what one side sends is at the
// other's at once.
class ConnectionTest : public testing::Test {
 protected:
  ConnectionTest()
      : pair_(*SocketPair(SOCK_STREAM)),
        connection_(std::move(pair_.first), kBuffer) {}

  int peer() const { return pair_.second.get(); }

  void PeerSends(absl::string_view data) {
    ASSERT_EQ(Send(peer(), data)->bytes(), data.size());
  }
  std::string PeerReceives() {
    std::string data(1 << 20, '\0');
    const absl::StatusOr<Transfer> transfer =
        Receive(peer(), absl::MakeSpan(&data[0], data.size()));
    data.resize(transfer.ok() ? transfer->bytes() : 0);
    return data;
  }

  // Fills the way to the peer, until not a byte more goes. Returns how many
  // bytes are in it.
  size_t ClogTheWayOut() {
    const std::string storage(4096, '.');
    const absl::string_view data = storage;
    size_t total = 0;
    for (size_t size : {data.size(), size_t{1}}) {
      for (;;) {
        const absl::StatusOr<Transfer> transfer =
            Send(connection_.fd(), data.substr(0, size));
        if (!transfer.ok() || transfer->would_block()) break;
        total += transfer->bytes();
      }
    }
    return total;
  }

  SocketPairFds pair_;
  Connection connection_;
};

TEST_F(ConnectionTest, AtFirstOnlyReads) {
  EXPECT_EQ(connection_.interest(), kReadable);
  EXPECT_EQ(connection_.pending(), 0);
  EXPECT_FALSE(connection_.done());
}

TEST_F(ConnectionTest, NothingToReadIsNoError) {
  EXPECT_EQ(*connection_.Read(), "");
  EXPECT_EQ(connection_.interest(), kReadable);
}

TEST_F(ConnectionTest, NothingToWriteIsNoError) {
  EXPECT_EQ(*connection_.Write(), 0);
}

TEST_F(ConnectionTest, AsksForWritabilityOnlyWhileBytesArePending) {
  PeerSends("abc");
  EXPECT_EQ(*connection_.Read(), "abc");
  EXPECT_EQ(connection_.interest(), kReadable | kWritable);
  EXPECT_EQ(connection_.pending(), 3);
  EXPECT_EQ(*connection_.Write(), 3);
  EXPECT_EQ(connection_.interest(), kReadable);
  EXPECT_EQ(PeerReceives(), "abc");
}

TEST_F(ConnectionTest, ReadsNoMoreThanItHasRoomFor) {
  PeerSends("0123456789");
  EXPECT_EQ(*connection_.Read(), "01234567");
  EXPECT_EQ(connection_.interest(), kWritable);
  EXPECT_EQ(*connection_.Read(), "") << "read although there is no room";
  EXPECT_EQ(connection_.pending(), kBuffer);
  EXPECT_EQ(*connection_.Write(), kBuffer);
  EXPECT_EQ(connection_.interest(), kReadable);
  EXPECT_EQ(*connection_.Read(), "89");
}

TEST_F(ConnectionTest, KeepsWhatDidNotGo) {
  const size_t clog = ClogTheWayOut();
  PeerSends("abc");
  EXPECT_EQ(*connection_.Read(), "abc");
  EXPECT_EQ(*connection_.Write(), 0);
  EXPECT_EQ(connection_.pending(), 3);
  EXPECT_EQ(connection_.interest(), kReadable | kWritable);
  size_t drained = 0;
  while (drained < clog) drained += PeerReceives().size();
  EXPECT_EQ(*connection_.Write(), 3);
  EXPECT_EQ(PeerReceives(), "abc");
}

TEST_F(ConnectionTest, SendsWhatIsPendingAfterTheLastByteBeforeItIsDone) {
  PeerSends("abc");
  ASSERT_TRUE(ShutdownWrite(peer()).ok());
  EXPECT_EQ(*connection_.Read(), "abc");
  EXPECT_EQ(*connection_.Read(), "");
  EXPECT_FALSE(connection_.done());
  EXPECT_EQ(connection_.interest(), kWritable);
  EXPECT_EQ(*connection_.Write(), 3);
  EXPECT_TRUE(connection_.done());
  EXPECT_EQ(connection_.interest(), kNone);
  EXPECT_EQ(PeerReceives(), "abc");
}

TEST_F(ConnectionTest, PeerThatSaysNothingAndFinishesIsDone) {
  ASSERT_TRUE(ShutdownWrite(peer()).ok());
  EXPECT_EQ(*connection_.Read(), "");
  EXPECT_TRUE(connection_.done());
}

TEST_F(ConnectionTest, WritingToAPeerThatIsGoneIsAnError) {
  PeerSends("abc");
  EXPECT_EQ(*connection_.Read(), "abc");
  pair_.second.reset();
  EXPECT_TRUE(IsPeerGone(connection_.Write().status()));
}

TEST_F(ConnectionTest, ReadingFromAPeerThatResetIsAnError) {
  ASSERT_EQ(Send(connection_.fd(), "unread")->bytes(), 6);
  pair_.second.reset();  // With something unread, that is a reset.
  EXPECT_TRUE(IsPeerGone(connection_.Read().status()));
}

TEST_F(ConnectionTest, EveryByteComesBackThroughASmallBuffer) {
  const std::string data = Pattern(1000);
  PeerSends(data);
  ASSERT_TRUE(ShutdownWrite(peer()).ok());
  std::string echoed;
  while (!connection_.done()) {
    ASSERT_TRUE(connection_.Read().ok());
    ASSERT_TRUE(connection_.Write().ok());
    echoed += PeerReceives();
  }
  EXPECT_EQ(echoed, data);
}

}  // namespace
}  // namespace isopoll::echo
