#include "echo/service/stats.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "echo/loop/reactor.h"
#include "echo/service/counters.h"
#include "echo/service/http_page.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "isopoll/net/socket.h"
#include "isopoll/net/socket_address.h"
#include "isopoll/net/unique_fd.h"
#include "isopoll/poller.h"
#include "tests/echo/support/each_backend.h"
#include "tests/echo/support/peer.h"

namespace isopoll::echo {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

StatsSample Sample() {
  StatsSample sample;
  uint64_t value = 100;
  for (const Statistic& statistic : AllStatistics()) {
    sample.totals.*statistic.value = ++value;
  }
  sample.connections = 7;
  sample.backend = "poll";
  return sample;
}

TEST(StatsTest, EveryNumberHasANameOfItsOwn) {
  EXPECT_EQ(AllStatistics().size() * sizeof(uint64_t), sizeof(ServerStats));
  std::vector<std::string> names;
  for (const Statistic& statistic : AllStatistics()) {
    names.emplace_back(statistic.name);
  }
  std::sort(names.begin(), names.end());
  EXPECT_EQ(std::unique(names.begin(), names.end()), names.end());
}

TEST(StatsTest, ThreadsAreAddedUpButForTheMost) {
  ServerStats sum = Sample().totals;
  ServerStats other;
  other.accepted = 1000;
  other.most_pending = 5;
  Merge(other, sum);
  EXPECT_EQ(sum.accepted, Sample().totals.accepted + 1000);
  EXPECT_EQ(sum.most_pending, Sample().totals.most_pending);
  EXPECT_EQ(sum.finished, Sample().totals.finished);
}

TEST(StatsTest, AnEndingIsCountedUnderItsName) {
  const absl::string_view names[] = {"finished", "reset", "failed", "stopped",
                                     "idle"};
  for (int i = 0; i < 5; ++i) {
    const Statistic& statistic = StatisticOf(static_cast<Ending>(i));
    EXPECT_EQ(statistic.name, names[i]);
    EXPECT_EQ(&statistic, &AllStatistics()[i + 1]);
  }
}

TEST(StatsTest, TheLineSaysWhatHappenedMeanwhile) {
  StatsSample before = Sample();
  StatsSample after = before;
  after.totals.accepted += 10;
  after.totals.bytes_received += 3000000;
  after.totals.bytes_sent += 1000000;
  after.totals.datagrams_received += 50;
  after.totals.waits += 200;
  after.totals.events += 700;
  after.at = before.at + absl::Seconds(2);
  EXPECT_EQ(StatsLine(before, after),
            "stats: 7 open, 5 accepted/s, 1.50 MB/s in, 0.50 MB/s out, 25 "
            "datagrams/s, 3.5 events per Wait, 100 Waits/s");
  after.totals = before.totals;
  EXPECT_THAT(StatsLine(before, after), HasSubstr("0.0 events per Wait"));
}

TEST(StatsTest, TheSummaryLeavesOutWhatIsUsuallyZero) {
  ServerStats stats;
  stats.accepted = 3;
  stats.finished = 3;
  EXPECT_EQ(Summary(stats),
            "served 3 connections (3 finished, 0 reset, 0 failed, 0 stopped): "
            "0 bytes received, 0 sent");
  stats.idle = 1;
  stats.refused = 2;
  stats.datagrams_received = 5;
  stats.datagrams_sent = 4;
  stats.datagrams_too_long = 1;
  EXPECT_EQ(Summary(stats),
            "served 3 connections (3 finished, 0 reset, 0 failed, 0 stopped, 1 "
            "idle): 0 bytes received, 0 sent, 2 refused; 5 "
            "datagrams received, 4 sent, 1 too long");
}

TEST(StatsTest, OneIsNotSeveral) {
  ServerStats stats;
  stats.accepted = stats.finished = 1;
  stats.bytes_received = stats.bytes_sent = 1;
  stats.datagrams_received = stats.datagrams_sent = 1;
  EXPECT_EQ(Summary(stats),
            "served 1 connection (1 finished, 0 reset, 0 failed, 0 stopped): "
            "1 byte received, 1 sent; 1 datagram received, 1 sent");
}

// The text format: a HELP and a TYPE before each sample, names that end in
// _total for counters, a line feed at the end.
TEST(StatsTest, PrometheusCanReadThePage) {
  const std::string text = PrometheusText(Sample());
  EXPECT_THAT(text, EndsWith("\n"));
  std::vector<std::string> lines = absl::StrSplit(text, '\n');
  lines.pop_back();
  ASSERT_EQ(lines.size(), 3 * (AllStatistics().size() + 2));
  for (size_t i = 0; i < lines.size(); i += 3) {
    const std::vector<std::string> type = absl::StrSplit(lines[i + 1], ' ');
    ASSERT_EQ(type.size(), 4) << lines[i + 1];
    EXPECT_THAT(lines[i], StartsWith(absl::StrCat("# HELP ", type[2], " ")));
    EXPECT_EQ(type[3] == "counter",
              absl::string_view(type[2]).substr(type[2].size() - 6) == "_total")
        << lines[i + 1];
    EXPECT_THAT(lines[i + 2], StartsWith(type[2]));
  }
  EXPECT_THAT(text, HasSubstr("\necho_connections 7\n"));
  EXPECT_THAT(text, HasSubstr("\necho_accepted_total 101\n"));
  EXPECT_THAT(text, HasSubstr("\necho_info{backend=\"poll\"} 1\n"));
}

std::string Ask(absl::string_view request) {
  return AnswerHttp(request, [] { return std::string("the page\n"); });
}

TEST(AnswerHttpTest, GivesThePageAndSaysHowLongItIs) {
  const std::string answer = Ask("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(answer, StartsWith("HTTP/1.0 200 OK\r\n"));
  EXPECT_THAT(answer, HasSubstr("\r\nContent-Length: 9\r\n"));
  EXPECT_THAT(answer, HasSubstr("text/plain; version=0.0.4"));
  EXPECT_THAT(answer, EndsWith("\r\n\r\nthe page\n"));
  EXPECT_THAT(Ask("GET /metrics?x=1 HTTP/1.0\r\n\r\n"), HasSubstr("200 OK"));
  EXPECT_THAT(Ask("HEAD /metrics HTTP/1.1\r\n\r\n"), EndsWith("\r\n\r\n"));
}

TEST(AnswerHttpTest, RefusesTheRest) {
  EXPECT_THAT(Ask("GET / HTTP/1.1\r\n\r\n"), HasSubstr(" 404 "));
  EXPECT_THAT(Ask("POST /metrics HTTP/1.1\r\n\r\n"), HasSubstr(" 405 "));
  EXPECT_THAT(Ask("GET /metrics\r\n\r\n"), HasSubstr(" 400 "));
  EXPECT_THAT(Ask("\r\n\r\n"), HasSubstr(" 400 "));
  EXPECT_THAT(Ask("GET /metrics SPDY/3\r\n\r\n"), HasSubstr(" 400 "));
}

class PagesTest : public EachBackend {};
INSTANTIATE_TEST_SUITE_P(, PagesTest, AllBackends(), NameOfBackend);

TEST_P(PagesTest, AreServedToWhoAsksInPieces) {
  PollerOptions options;
  options.backend = GetParam();
  const std::unique_ptr<Poller> poller = *Poller::Create(options);
  Reactor reactor(*poller);
  UniqueFd listener = *Listen(*SocketAddress::Parse("127.0.0.1:0"));
  const SocketAddress address = *LocalAddress(listener.get());
  const std::string page(5 << 20, 'p');  // more than a socket takes at once
  HttpPages pages(reactor, std::move(listener), [&] { return page; });
  ASSERT_TRUE(pages.Start().ok());
  std::atomic<bool> over{false};
  std::thread loop([&] {
    while (!over) ASSERT_TRUE(reactor.Turn(absl::Milliseconds(10)).ok());
  });
  Peer silent(address);
  Peer peer(address);
  peer.Send("GET /met");
  peer.Send("rics HTTP/1.0\r\n");
  peer.Send("\r\n");
  EXPECT_TRUE(absl::EndsWith(peer.ReceiveAll(), "\r\n\r\n" + page));
  Peer endless(address);
  endless.Send(std::string(8192, 'x'));
  EXPECT_EQ(endless.ReceiveAllUntilClosed(), "");
  over = true;
  loop.join();
}

}  // namespace
}  // namespace isopoll::echo
