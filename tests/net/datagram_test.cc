#include "isopoll/net/datagram.h"

#include <cerrno>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "isopoll/net/endpoint.h"
#include "isopoll/net/socket.h"
#include "isopoll/net/socket_address.h"
#include "isopoll/net/transfer.h"
#include "isopoll/net/unique_fd.h"
#include "net/internal/sys.h"
#include "tests/net/testing.h"

namespace isopoll {
namespace {

// Once over each transport: a service and a client connected to it.
class DatagramTest : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    std::string text = GetParam();
    if (text == "unix-dgram:" && !HasUnixSockets(SOCK_DGRAM)) {
      GTEST_SKIP() << "Windows has Unix-domain streams only";
    }
    if (text == "unix-dgram:") text += scratch_.Path("d");
    service_ = *BindEndpoint(*Endpoint::Parse(text));
    address_.emplace(*LocalAddress(service_.get()));
    client_ = *ConnectDatagram(*address_);
  }

  // Waits for a datagram and receives it into `data`.
  Datagram Take(int fd, std::string& data, size_t room = 1 << 18) {
    EXPECT_TRUE(Await(fd, POLLIN));
    data.assign(room, '\0');
    const absl::StatusOr<std::optional<Datagram>> datagram =
        ReceiveDatagram(fd, absl::MakeSpan(&data[0], data.size()));
    EXPECT_TRUE(datagram.ok() && datagram->has_value()) << datagram.status();
    data.resize((*datagram)->bytes);
    return **datagram;
  }

  ScratchDirectory scratch_;
  UniqueFd service_;
  UniqueFd client_;
  std::optional<SocketAddress> address_;
};

INSTANTIATE_TEST_SUITE_P(Each, DatagramTest,
                         testing::Values("udp:127.0.0.1:0", "udp:[::1]:0",
                                         "unix-dgram:"));

TEST_P(DatagramTest, GoesAndComesBack) {
  EXPECT_TRUE(HasFlags(client_.get()));
  std::string data;
  for (const std::string& sent :
       {std::string("hello"), std::string(), std::string(30000, 'x')}) {
    ASSERT_EQ(*SendDatagram(client_.get(), sent), Sent::kYes);
    const Datagram datagram = Take(service_.get(), data);
    EXPECT_EQ(data, sent);
    EXPECT_FALSE(datagram.truncated);
    ASSERT_EQ(*SendDatagram(service_.get(), data, &datagram.from), Sent::kYes);
    Take(client_.get(), data);
    EXPECT_EQ(data, sent);
  }
}

TEST_P(DatagramTest, NothingThereIsNoError) {
  char buffer[8];
  const auto datagram = ReceiveDatagram(service_.get(), absl::MakeSpan(buffer));
  ASSERT_TRUE(datagram.ok()) << datagram.status();
  EXPECT_FALSE(datagram->has_value());
}

TEST_P(DatagramTest, SaysWhatWasCutOff) {
  ASSERT_EQ(*SendDatagram(client_.get(), "hello"), Sent::kYes);
  std::string data;
  const Datagram datagram = Take(service_.get(), data, /*room=*/3);
  EXPECT_EQ(data, "hel");
  EXPECT_TRUE(datagram.truncated);
}

TEST_P(DatagramTest, SaysWhatIsTooLong) {
  const std::string data(8 << 20, 'x');
  EXPECT_EQ(*SendDatagram(client_.get(), data), Sent::kTooLong);
}

TEST_P(DatagramTest, NobodyThereIsUnavailable) {
  service_.reset();
  absl::Status status = SendDatagram(client_.get(), "x").status();
  if (status.ok() && OnWine()) GTEST_SKIP() << "Wine's server takes the error";
  if (status.ok()) {  // UDP learns of it only from the answer.
    ASSERT_TRUE(Await(client_.get(), POLLIN));
    char buffer[8];
    status = ReceiveDatagram(client_.get(), absl::MakeSpan(buffer)).status();
  }
  EXPECT_TRUE(IsPeerGone(status)) << status;
}

TEST_P(DatagramTest, NobodyTakesMoreAfterAShutdown) {
  ASSERT_TRUE(ShutdownWrite(client_.get()).ok());
  const absl::Status status = SendDatagram(client_.get(), "x").status();
  EXPECT_TRUE(IsPeerGone(status)) << status;
}

class UnixDatagramTest : public testing::Test {
 protected:
  void SetUp() override {
    if (HasUnixSockets(SOCK_DGRAM)) return;
    GTEST_SKIP() << "Windows has Unix-domain streams only";
  }
};

TEST_F(UnixDatagramTest, NobodyAtAPathIsUnavailable) {
  const ScratchDirectory scratch;
  const std::string text = absl::StrCat("unix:", scratch.Path("d"));
  const absl::Status status = ConnectDatagram(Address(text)).status();
  EXPECT_TRUE(IsPeerGone(status)) << status;
  EXPECT_EQ(status.message(),
            absl::StrCat("connect to ", text, ": ", ErrorText(ENOENT)));
}

TEST_F(UnixDatagramTest, WhoHasASourceIsAnsweredThere) {
  const ScratchDirectory scratch;
  const SocketAddress address =
      Address(absl::StrCat("unix:", scratch.Path("d")));
  const SocketAddress source =
      Address(absl::StrCat("unix:", scratch.Path("s")));
  const UniqueFd service = *BindDatagram(address);
  const UniqueFd client = *ConnectDatagram(address, &source);
  EXPECT_EQ(LocalAddress(client.get())->ToString(), source.ToString());
  ASSERT_EQ(*SendDatagram(service.get(), "x", &source), Sent::kYes);
  EXPECT_TRUE(Await(client.get(), POLLIN));
}

TEST_F(UnixDatagramTest, APathLeftOverIsReplacedAndOneInUseIsNot) {
  const ScratchDirectory scratch;
  const SocketAddress address =
      Address(absl::StrCat("unix:", scratch.Path("d")));
  BindDatagram(address)->reset();
  const absl::StatusOr<UniqueFd> again = BindDatagram(address);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_TRUE(absl::IsAlreadyExists(BindDatagram(address).status()));
  // A stream server does not take a datagram service's path, either.
  EXPECT_TRUE(absl::IsAlreadyExists(Listen(address).status()));
}

}  // namespace
}  // namespace isopoll
