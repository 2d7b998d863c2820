// R18 and the table of errors: one code and one wording from every backend, and
// a call that fails leaves no trace.

#include <cstddef>
#include <functional>
#include <memory>
#include <ostream>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "isopoll/backend.h"
#include "isopoll/event.h"
#include "isopoll/interest.h"
#include "isopoll/net/unique_fd.h"
#include "isopoll/poller.h"
#include "tests/conformance/descriptors.h"
#include "tests/conformance/matchers.h"
#include "tests/conformance/poller_test_base.h"
#include "tests/support/poller_kind.h"
#include "tests/support/process_state.h"

namespace isopoll {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

constexpr Interest kUnknown = Interest::FromBits(8);

// A poller with some registrations, and descriptors to misuse it with.
struct World {
  explicit World(const tests::PollerKind& kind) : poller(NewPoller(kind)) {
    EXPECT_THAT(poller->Add(level.get(), kReadable, 1), IsOk());
    EXPECT_THAT(poller->Add(fired.get(), kReadable, 2, Trigger::kOneShot),
                IsOk());
    EXPECT_EQ(Look(*poller).size(), 2u);
    EXPECT_THAT(poller->Add(armed.get(), kReadable, 3, Trigger::kOneShot),
                IsOk());
  }

  absl::Status Wait(size_t room, absl::Duration timeout) {
    Event events[4];
    return poller->Wait(absl::MakeSpan(events, room), timeout).status();
  }

  Ends level = NewReadablePipe();
  Ends fired = NewReadablePipe();
  Ends armed = NewPipe();
  Ends unknown = NewReadablePipe();  // not registered
  UniqueFd path =
      tests::kPathOnlyFlag == 0 ? UniqueFd() : Open("/", tests::kPathOnlyFlag);
  std::unique_ptr<Poller> poller;
};

struct Misuse {
  std::string name;
  absl::StatusCode code;
  std::function<absl::Status(World&)> call;
};

void PrintTo(const Misuse& misuse, std::ostream* out) { *out << misuse.name; }

// What is wrong whatever the poller holds.
std::vector<Misuse> WrongArguments() {
  using absl::StatusCode;
  return {
      {"AddNegative", StatusCode::kInvalidArgument,
       [](World& w) { return w.poller->Add(-1, kReadable, 9); }},
      {"ModifyNegative", StatusCode::kInvalidArgument,
       [](World& w) { return w.poller->Modify(-7, kReadable, 9); }},
      {"RemoveNegative", StatusCode::kInvalidArgument,
       [](World& w) { return w.poller->Remove(-1); }},
      {"AddUnknownInterest", StatusCode::kInvalidArgument,
       [](World& w) { return w.poller->Add(w.unknown.get(), kUnknown, 9); }},
      {"AddUnknownInterestBesides", StatusCode::kInvalidArgument,
       [](World& w) {
         return w.poller->Add(w.unknown.get(), kReadable | kUnknown, 9);
       }},
      {"ModifyUnknownInterest", StatusCode::kInvalidArgument,
       [](World& w) { return w.poller->Modify(w.level.get(), kUnknown, 9); }},
      {"ModifyFiredToUnknownInterest", StatusCode::kInvalidArgument,
       [](World& w) {
         return w.poller->Modify(w.fired.get(), kReadable | kUnknown, 9);
       }},
      {"SetNegative", StatusCode::kInvalidArgument,
       [](World& w) { return w.poller->Set(-1, kReadable, 9); }},
      {"SetNegativeToNothing", StatusCode::kInvalidArgument,
       [](World& w) { return w.poller->Set(-1, kNone, 9); }},
      {"SetUnknownInterest", StatusCode::kInvalidArgument,
       [](World& w) { return w.poller->Set(w.unknown.get(), kUnknown, 9); }},
      {"SetAddedToUnknownInterest", StatusCode::kInvalidArgument,
       [](World& w) {
         return w.poller->Set(w.level.get(), kReadable | kUnknown, 9);
       }},
      {"WaitWithoutRoom", StatusCode::kInvalidArgument,
       [](World& w) { return w.Wait(0, absl::ZeroDuration()); }},
      {"WaitWithoutRoomForEver", StatusCode::kInvalidArgument,
       [](World& w) { return w.Wait(0, absl::InfiniteDuration()); }},
      {"WaitNegative", StatusCode::kInvalidArgument,
       [](World& w) { return w.Wait(4, absl::Nanoseconds(-1)); }},
      {"WaitNegativeInfinite", StatusCode::kInvalidArgument,
       [](World& w) { return w.Wait(4, -absl::InfiniteDuration()); }},
  };
}

std::vector<Misuse> WrongPaths() {
  using absl::StatusCode;
  if (tests::kPathOnlyFlag == 0) return {};
  return {
      {"AddPath", StatusCode::kFailedPrecondition,
       [](World& w) { return w.poller->Add(w.path.get(), kReadable, 9); }},
      {"SetPath", StatusCode::kFailedPrecondition,
       [](World& w) { return w.poller->Set(w.path.get(), kReadable, 9); }},
      {"AddPathParked", StatusCode::kFailedPrecondition,
       [](World& w) { return w.poller->Add(w.path.get(), kNone, 9); }},
  };
}

// What is wrong with the descriptor, or with what the poller holds of it.
std::vector<Misuse> WrongDescriptors() {
  using absl::StatusCode;
  return {
      {"AddClosed", StatusCode::kFailedPrecondition,
       [](World& w) { return w.poller->Add(kFreeNumber, kReadable, 9); }},
      {"AddClosedParked", StatusCode::kFailedPrecondition,
       [](World& w) { return w.poller->Add(kFreeNumber, kNone, 9); }},
      {"AddFarTooHigh", StatusCode::kFailedPrecondition,
       [](World& w) { return w.poller->Add(0x7fffffff, kReadable, 9); }},
      {"SetClosed", StatusCode::kFailedPrecondition,
       [](World& w) { return w.poller->Set(kFreeNumber, kReadable, 9); }},
      {"SetFarTooHigh", StatusCode::kFailedPrecondition,
       [](World& w) { return w.poller->Set(0x7fffffff, kReadable, 9); }},
      {"AddTwice", StatusCode::kAlreadyExists,
       [](World& w) { return w.poller->Add(w.level.get(), kAll, 9); }},
      {"AddFired", StatusCode::kAlreadyExists,
       [](World& w) { return w.poller->Add(w.fired.get(), kReadable, 9); }},
      {"ModifyNotAdded", StatusCode::kNotFound,
       [](World& w) {
         return w.poller->Modify(w.unknown.get(), kReadable, 9);
       }},
      {"ModifyFarTooHigh", StatusCode::kNotFound,
       [](World& w) { return w.poller->Modify(0x7fffffff, kReadable, 9); }},
      {"RemoveNotAdded", StatusCode::kNotFound,
       [](World& w) { return w.poller->Remove(w.unknown.get()); }},
      {"RemoveFarTooHigh", StatusCode::kNotFound,
       [](World& w) { return w.poller->Remove(0x7fffffff); }},
  };
}

class MisuseTest : public testing::TestWithParam<Misuse> {};

TEST_P(MisuseTest, GivesOneCodeAndOneWording) {
  std::vector<absl::Status> statuses;
  for (const tests::PollerKind& kind : tests::AllKinds()) {
    World world(kind);
    statuses.push_back(GetParam().call(world));
    EXPECT_THAT(statuses.back(), HasCode(GetParam().code)) << kind.name;
    EXPECT_THAT(statuses.back().message(), Not(IsEmpty()));
  }
  EXPECT_THAT(statuses, testing::Each(statuses.front()));
}

// Twice, for what a first failure may have left behind.
TEST_P(MisuseTest, LeavesNoTrace) {
  for (const tests::PollerKind& kind : tests::AllKinds()) {
    SCOPED_TRACE(kind.name);
    World world(kind);
    for (int i = 0; i < 2; ++i) {
      EXPECT_FALSE(GetParam().call(world).ok());
      EXPECT_EQ(world.poller->size(), 3u);
      EXPECT_THAT(Look(*world.poller),
                  ElementsAre(EventIs(world.level.get(), 1, kReadable)));
    }
    ASSERT_THAT(world.poller->Add(world.unknown.get(), kReadable, 4), IsOk());
    ASSERT_THAT(world.poller->Modify(world.fired.get(), kReadable, 5), IsOk());
    EXPECT_EQ(Look(*world.poller).size(), 3u);
  }
}

TEST_P(MisuseTest, ConsumesNoWakeupAndNoShot) {
  for (const tests::PollerKind& kind : tests::AllKinds()) {
    SCOPED_TRACE(kind.name);
    World world(kind);
    Feed(world.armed);
    world.poller->Wakeup();
    EXPECT_FALSE(GetParam().call(world).ok());
    const Waited waited = WaitOn(*world.poller, absl::ZeroDuration());
    EXPECT_TRUE(waited.woken);
    EXPECT_EQ(waited.events.size(), 2u);
    EXPECT_EQ(Look(*world.poller).size(), 1u);
  }
}

std::string MisuseName(const testing::TestParamInfo<Misuse>& test) {
  return test.param.name;
}

INSTANTIATE_TEST_SUITE_P(Arguments, MisuseTest,
                         testing::ValuesIn(WrongArguments()), MisuseName);
INSTANTIATE_TEST_SUITE_P(Descriptors, MisuseTest,
                         testing::ValuesIn(WrongDescriptors()), MisuseName);
INSTANTIATE_TEST_SUITE_P(Path, MisuseTest, testing::ValuesIn(WrongPaths()),
                         MisuseName);

class ErrorsTest : public PollerTest {};

// A new poller, and the descriptors that came with it.
struct WithDescriptors {
  explicit WithDescriptors(const tests::PollerKind& kind) {
    const std::set<int> before = tests::OpenDescriptors();
    poller = NewPoller(kind);
    for (int fd : tests::OpenDescriptors()) {
      if (before.count(fd) == 0) own.push_back(fd);
    }
  }

  std::unique_ptr<Poller> poller;
  std::vector<int> own;
};

// Whether `fd`, new with a poller of `kind`, is a stand-in's and not the
// poller's: what is a kernel's inner state is to a stand-in a descriptor.
bool IsStandins(const tests::PollerKind& kind, Poller& poller, int fd) {
  return kind.on_standin && poller.Add(fd, kNone, 1).ok() &&
         poller.Remove(fd).ok();
}

TEST_P(ErrorsTest, OwnDescriptorsAreRefused) {
  const WithDescriptors other(GetParam());
  int own = 0;
  for (int fd : other.own) {
    if (IsStandins(GetParam(), *other.poller, fd)) continue;
    ++own;
    EXPECT_THAT(other.poller->Add(fd, kReadable, 1),
                HasCode(absl::StatusCode::kFailedPrecondition));
    EXPECT_THAT(other.poller->Add(fd, kNone, 1),
                HasCode(absl::StatusCode::kFailedPrecondition));
    EXPECT_THAT(other.poller->Set(fd, kReadable, 1),
                HasCode(absl::StatusCode::kFailedPrecondition));
  }
  // AFD's own are no sockets, and nothing else can be added there.
  EXPECT_EQ(own > 0, GetParam().backend != Backend::kAfd);
  EXPECT_EQ(other.poller->size(), 0u);
  ExpectQuiet(*other.poller, absl::Milliseconds(20));
}

TEST(OwnDescriptorTest, IsRefusedInTheSameWords) {
  std::set<std::string> refusals;
  for (const tests::PollerKind& kind : tests::AllKinds()) {
    const WithDescriptors other(kind);
    for (int fd : other.own) {
      if (IsStandins(kind, *other.poller, fd)) continue;
      // All but the number, which differs.
      refusals.insert(
          absl::StrReplaceAll(other.poller->Add(fd, kReadable, 1).ToString(),
                              {{absl::StrCat(fd), "N"}}));
    }
  }
  EXPECT_EQ(refusals.size(), 1u) << testing::PrintToString(refusals);
}

ISOPOLL_ON_EVERY_KIND(ErrorsTest);

}  // namespace
}  // namespace isopoll
