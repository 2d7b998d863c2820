// R16, R18 and the table of errors, with few descriptors or none to be had.

#include "tests/support/descriptor_limit.h"

#include <cstddef>
#include <memory>
#include <set>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "isopoll/event.h"
#include "isopoll/interest.h"
#include "isopoll/net/unique_fd.h"
#include "isopoll/poller.h"
#include "tests/conformance/descriptors.h"
#include "tests/conformance/matchers.h"
#include "tests/conformance/poller_test_base.h"
#include "tests/support/process_state.h"

namespace isopoll {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

class DescriptorLimitTest : public PollerTest {};

TEST_P(DescriptorLimitTest, CreateWithoutDescriptors) {
  const std::set<int> before = tests::OpenDescriptors();
  int refused = 0;
  for (int more = 0; more < 4; ++more) {
    tests::ScopedDescriptorLimit limit(tests::LowestFreeFd() + more);
    const absl::StatusOr<std::unique_ptr<Poller>> poller =
        GetParam().create({});
    if (poller.ok()) break;
    ++refused;
    EXPECT_THAT(poller.status(), HasCode(absl::StatusCode::kResourceExhausted));
  }
  EXPECT_GE(refused, 1);
  EXPECT_EQ(tests::OpenDescriptors(),
            before);  // those of a half-made one are closed
}

// Uses an empty poller in every way.
void UseAllOf(Poller& poller, int pipe, int file) {
  ASSERT_THAT(poller.Add(pipe, kReadable, 1), IsOk());
  EXPECT_THAT(Look(poller), ElementsAre(EventIs(pipe, 1, kReadable)));
  poller.Wakeup();
  EXPECT_TRUE(WaitOn(poller, absl::ZeroDuration()).woken);
  EXPECT_THAT(poller.Modify(pipe, kAll, 2), IsOk());
  EXPECT_THAT(poller.Add(file, kReadable, 3), IsOk());
  EXPECT_THAT(poller.Remove(file), IsOk());
  EXPECT_EQ(poller.size(), 1u);
  EXPECT_THAT(Look(poller), ElementsAre(EventIs(pipe, 2, kReadable)));
  EXPECT_THAT(poller.Remove(pipe), IsOk());
}

// All that was needed was opened by Create. (The first use is for
// UndefinedBehaviorSanitizer, which needs descriptors to look at a new type.)
TEST_P(DescriptorLimitTest, EverythingElseWithoutDescriptors) {
  Ends pipe = NewReadablePipe();
  UniqueFd file = NewRegularFile();
  UseAllOf(poller(), pipe.get(), file.get());
  tests::ScopedDescriptorLimit limit(tests::LowestFreeFd());
  UseAllOf(poller(), pipe.get(), file.get());
}

// Where the kernel then refuses to look (poll(2) on Linux), Wait says what the
// matter is, and nothing is lost.
TEST_P(DescriptorLimitTest, LimitIsLoweredBelowWhatIsWatched) {
  const Ends pipes[] = {NewReadablePipe(), NewReadablePipe(),
                        NewReadablePipe()};
  for (const Ends& pipe : pipes) {
    ASSERT_THAT(poller().Add(pipe.get(), kReadable, 1), IsOk());
  }
  EXPECT_EQ(Look().size(), 3u);
  Event events[4];
  absl::StatusOr<WaitResult> result = WaitResult();
  {
    // UndefinedBehaviorSanitizer needs descriptors to look at what is new to
    // it: nothing but the Wait is done without.
    tests::ScopedDescriptorLimit limit(2);
    result = poller().Wait(absl::MakeSpan(events), absl::ZeroDuration());
  }
  if (result.ok()) {
    EXPECT_EQ(result->count, 3u);
  } else {
    EXPECT_THAT(result.status(), HasCode(absl::StatusCode::kResourceExhausted));
    EXPECT_THAT(result.status().message(), testing::HasSubstr("RLIMIT_NOFILE"));
  }
  EXPECT_EQ(Look().size(), 3u);
}

// poll(2) takes no more descriptors at once than RLIMIT_NOFILE.
TEST_P(DescriptorLimitTest, HintsOfMoreThanThereMayBe) {
  PollerOptions options;
  options.exact_hints = true;
  const std::unique_ptr<Poller> exact = New(options);
  std::vector<UniqueFd> pipes;
  for (Token token = 0; token < 16; ++token) {
    pipes.push_back(NewHungUpPipe());
    ASSERT_THAT(exact->Add(pipes.back().get(), kReadable, token), IsOk());
  }
  EXPECT_THAT(Look(*exact), SizeIs(16));
  std::vector<Event> events(16);
  absl::StatusOr<WaitResult> result = WaitResult();
  {
    tests::ScopedDescriptorLimit limit(8);
    result = exact->Wait(absl::MakeSpan(events), absl::ZeroDuration());
  }
  if (absl::IsResourceExhausted(result.status())) {
    GTEST_SKIP() << "the kernel refuses to look: " << result.status();
  }
  ASSERT_THAT(result.status(), IsOk());
  ASSERT_EQ(result->count, 16u);
  for (const Event& event : events) {
    EXPECT_TRUE(event.hangup() && event.read_closed() && !event.error())
        << event;
  }
}

ISOPOLL_ON_EVERY_KIND(DescriptorLimitTest);

}  // namespace
}  // namespace isopoll
