// The parts of a load, each by itself.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "echo/load/histogram.h"
#include "echo/load/load_options.h"
#include "echo/load/load_text.h"
#include "echo/load/pacer.h"
#include "echo/load/plot.h"
#include "echo/load/source.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace isopoll::echo {
namespace {

using ::testing::HasSubstr;

TEST(HistogramTest, NothingRecordedIsZero) {
  const Histogram histogram;
  EXPECT_EQ(histogram.count(), 0);
  EXPECT_EQ(histogram.min(), 0);
  EXPECT_EQ(histogram.max(), 0);
  EXPECT_EQ(histogram.mean(), 0);
  EXPECT_EQ(histogram.Percentile(99), 0);
  EXPECT_TRUE(histogram.Buckets().empty());
}

TEST(HistogramTest, TakesEveryValueToWithinAHundredth) {
  for (int bit = 0; bit < 64; ++bit) {
    for (const uint64_t value :
         {uint64_t{1} << bit, (uint64_t{1} << bit) - 1,
          (uint64_t{1} << bit) | (uint64_t{1} << bit / 2)}) {
      Histogram histogram;
      histogram.Record(value);
      histogram.Record(UINT64_MAX);
      const uint64_t found = histogram.Percentile(50);
      EXPECT_GE(found, value);
      EXPECT_LE(found - value, value / 127) << value;
      EXPECT_EQ(histogram.min(), value);
      EXPECT_EQ(histogram.max(), UINT64_MAX);
    }
  }
}

TEST(HistogramTest, SmallValuesAreExact) {
  Histogram histogram;
  for (int value = 0; value < 256; ++value) histogram.Record(value);
  for (int value = 0; value < 256; ++value) {
    EXPECT_EQ(histogram.Percentile(100.0 * (value + 1) / 256), value);
  }
  EXPECT_EQ(histogram.mean(), 127.5);
}

TEST(HistogramTest, PercentilesAreThoseOfASortedList) {
  std::mt19937_64 random(1);
  std::vector<uint64_t> values;
  Histogram histogram, half;
  for (int i = 0; i < 20000; ++i) {
    values.push_back(random() >> (random() % 60));
    (i % 2 == 0 ? histogram : half).Record(values.back());
  }
  histogram.Merge(half);
  std::sort(values.begin(), values.end());
  for (const double percent : {0.0, 1.0, 25.0, 50.0, 90.0, 99.0, 99.9, 100.0}) {
    const auto rank = static_cast<size_t>(
        std::max(std::ceil(percent / 100 * values.size()), 1.0));
    const uint64_t expected = values[rank - 1];
    EXPECT_GE(histogram.Percentile(percent), expected) << percent;
    EXPECT_LE(histogram.Percentile(percent) - expected, expected / 127)
        << percent;
  }
  EXPECT_EQ(histogram.Percentile(100), values.back());
  EXPECT_EQ(histogram.Buckets().back().cumulative, values.size());
}

TEST(PatternTest, ASliceIsPartOfOneEndlessStream) {
  const Pattern pattern(5000);
  for (const uint64_t position :
       {uint64_t{0}, uint64_t{1048000}, uint64_t{1} << 40}) {
    const std::string whole(pattern.Slice(3, position, 5000));
    ASSERT_EQ(whole.size(), 5000);
    EXPECT_EQ(pattern.Slice(3, position + 1234, 100),
              absl::string_view(whole).substr(1234, 100));
  }
}

TEST(PatternTest, EachConnectionHasItsOwnAndNoneRepeatsItself) {
  const Pattern pattern(64);
  std::set<absl::string_view> seen;
  for (int connection = 0; connection < 1000; ++connection) {
    for (int position = 0; position < 640; position += 64) {
      EXPECT_TRUE(seen.insert(pattern.Slice(connection, position, 16)).second)
          << connection << " at " << position;
    }
  }
}

TEST(PacerTest, WithoutARateAnyTimeIsRight) {
  Pacer pacer;
  EXPECT_FALSE(pacer.paced());
  EXPECT_EQ(pacer.Take(absl::Seconds(5)), absl::Seconds(5));
}

// To the next whole one, for the last digit is a matter of rounding.
int64_t Milliseconds(absl::Duration time) {
  return absl::ToInt64Milliseconds(time + absl::Microseconds(1));
}

TEST(PacerTest, ConnectionsTakeTurnsEvenlySpread) {
  std::vector<absl::Duration> starts;
  for (int index = 0; index < 4; ++index) {
    Pacer pacer(absl::Seconds(100), absl::InfiniteDuration(), /*rate=*/1000,
                index, /*connections=*/4);
    for (int i = 0; i < 10; ++i) starts.push_back(pacer.Take(pacer.next()));
  }
  std::sort(starts.begin(), starts.end());
  for (int i = 0; i < 40; ++i) {
    EXPECT_EQ(Milliseconds(starts[i]), 100000 + i);
  }
}

// Who could not send in time is measured from when it should have.
TEST(PacerTest, ALateRequestCountsFromItsIntendedStart) {
  Pacer pacer(absl::ZeroDuration(), absl::Seconds(60), /*rate=*/10, 0, 1);
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(Milliseconds(pacer.Take(absl::Seconds(50))), 100 * i);
  }
}

// However late it is by then.
TEST(PacerTest, NoRequestIsToStartAfterTheEnd) {
  Pacer pacer(absl::ZeroDuration(), absl::Milliseconds(450), /*rate=*/10, 0, 1);
  int started = 0;
  for (; pacer.next() < absl::Seconds(50); ++started) {
    pacer.Take(absl::Seconds(50));
  }
  EXPECT_EQ(started, 5);
}

TEST(PacerTest, KnowsHowManyWereDue) {
  const Pacer pacer(absl::Seconds(1), absl::Seconds(11), /*rate=*/10,
                    /*index=*/1, /*connections=*/2);
  EXPECT_EQ(pacer.DueBefore(absl::Seconds(1.05)), 0);
  EXPECT_EQ(pacer.DueBefore(absl::Seconds(1.15)), 1);
  EXPECT_EQ(pacer.DueBefore(absl::Seconds(1.45)), 2);
  EXPECT_EQ(pacer.DueBefore(absl::Hours(1)), 50);
  EXPECT_EQ(Pacer().DueBefore(absl::Hours(1)), 0);
}

TEST(LoadOptionsTest, AreChecked) {
  LoadOptions good;
  good.messages = 1;
  EXPECT_EQ(CheckLoad(good), absl::OkStatus());
  const auto bad = [&good](void (*spoil)(LoadOptions&)) {
    LoadOptions options = good;
    spoil(options);
    EXPECT_TRUE(absl::IsInvalidArgument(CheckLoad(options)));
  };
  bad([](LoadOptions& o) { o.connections = 0; });
  bad([](LoadOptions& o) { o.size = 0; });
  bad([](LoadOptions& o) { o.size = (16 << 20) + 1; });
  bad([](LoadOptions& o) { o.pipeline = 0; });
  bad([](LoadOptions& o) { o.pipeline = 1025; });
  bad([](LoadOptions& o) { o.rate = -1; });
  bad([](LoadOptions& o) { o.rate = std::nan(""); });
  bad([](LoadOptions& o) { o.connect_rate = -1; });
  bad([](LoadOptions& o) { o.reconnect_after = 1; });
  bad([](LoadOptions& o) { o.duration = absl::ZeroDuration(); });
  bad([](LoadOptions& o) { o.timeout = -absl::Seconds(1); });
  bad([](LoadOptions& o) { o.datagram_timeout = absl::ZeroDuration(); });
}

LoadReport Report() {
  LoadReport report;
  report.connections = 2;
  report.most_open = 2;
  report.requests = 1000;
  report.bytes = 64000;
  report.elapsed = absl::Seconds(2);
  for (int i = 1; i <= 1000; ++i) report.latency.Record(i * 1000);
  return report;
}

TEST(LoadTextTest, TellsPeople) {
  LoadReport report = Report();
  EXPECT_EQ(LoadText(report),
            "1000 requests on 2 connections in 2.00 s: 500 requests/s, 0.03 "
            "MB/s each way\n"
            "latency: p50 502 us, p90 901 us, p99 991 us, p99.9 1 ms, max 1 "
            "ms\n"
            "errors: none\n");
  report.errors[static_cast<int>(LoadError::kReset)] = 3;
  report.errors[static_cast<int>(LoadError::kLost)] = 1;
  report.first_error = "connection 7: broken";
  EXPECT_THAT(LoadText(report), HasSubstr("\nerrors: 3 reset, 1 lost "
                                          "(connection 7: broken)\n"));
}

TEST(LoadTextTest, TellsOfOneAndOfWhatWasNotSent) {
  LoadReport report;
  report.connections = report.requests = report.not_sent = 1;
  report.reopened = 2;
  report.elapsed = absl::Seconds(1);
  const std::string text = LoadText(report);
  EXPECT_THAT(text, HasSubstr("1 request on 1 connection in 1.00 s"));
  EXPECT_THAT(text, HasSubstr("\n1 request due and not sent\n"));
  EXPECT_THAT(text, HasSubstr("\n2 connections opened again\n"));
}

TEST(LoadTextTest, TellsPrograms) {
  LoadReport report = Report();
  report.first_error = "a \"quoted\"\n\\word";
  LoadOptions options;
  options.connections = 2;
  const std::string json = LoadJson(report, options, "tcp:x", "poll");
  EXPECT_THAT(json, HasSubstr("\"requests\":1000,"));
  EXPECT_THAT(json, HasSubstr("\"backend\":\"poll\""));
  EXPECT_THAT(json, HasSubstr("\"p99.9\":"));
  EXPECT_THAT(json, HasSubstr("\"a \\\"quoted\\\"\\n\\\\word\""));
  EXPECT_EQ(std::count(json.begin(), json.end(), '\n'), 1);
}

TEST(LoadTextTest, NanosecondsAreReadable) {
  EXPECT_EQ(FormatNanoseconds(0), "0 ns");
  EXPECT_EQ(FormatNanoseconds(999), "999 ns");
  EXPECT_EQ(FormatNanoseconds(41234), "41.2 us");
  EXPECT_EQ(FormatNanoseconds(1500000), "1.5 ms");
  EXPECT_EQ(FormatNanoseconds(12000000000), "12 s");
}

TEST(PlotTest, ShowsTheDistribution) {
  const std::string svg = PlotSvg(Report().latency, "a < b & c");
  EXPECT_TRUE(absl::StartsWith(svg, "<svg "));
  EXPECT_TRUE(absl::EndsWith(svg, "</svg>\n"));
  EXPECT_THAT(svg, HasSubstr("a &lt; b &amp; c"));
  EXPECT_THAT(svg, HasSubstr("latency of 1000 requests over their percentile, "
                             "p50 502 us"));
  for (const char* label : {">0<", ">50<", ">90<", ">99<", ">99.9<", ">1 us<",
                            ">10 us<", ">100 us<", ">1 ms<"}) {
    EXPECT_THAT(svg, HasSubstr(label));
  }
  EXPECT_THAT(svg, testing::Not(HasSubstr("nan")));
  EXPECT_THAT(svg, testing::Not(HasSubstr("inf")));
}

TEST(PlotTest, CanDrawNothingAndOne) {
  Histogram latency;
  EXPECT_THAT(PlotSvg(latency, ""), HasSubstr("latency of 0 requests"));
  latency.Record(0);
  EXPECT_THAT(PlotSvg(latency, ""), testing::Not(HasSubstr("nan")));
}

}  // namespace
}  // namespace isopoll::echo
