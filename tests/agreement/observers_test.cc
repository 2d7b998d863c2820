// What observers say of descriptors whose state is known.

#include <fcntl.h>
#include <unistd.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "isopoll/net/pairs.h"
#include "isopoll/net/unique_fd.h"
#include "isopoll/poller.h"
#include "tests/support/contender.h"
#include "tests/support/poller_kind.h"
#include "tools/agreement/kernel_observers.h"
#include "tools/agreement/observer.h"
#include "tools/agreement/poller_observer.h"

namespace isopoll::agreement {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

std::map<std::string, std::string> AllSay(const Observers& observers, int fd) {
  std::map<std::string, std::string> said;
  for (const auto& observer : observers) {
    said[observer->column().title] = observer->Look(fd);
  }
  return said;
}

TEST(KernelObservers, SayTheirBits) {
  PipeFds pipe = Pipe().value();
  EXPECT_THAT(AllSay(KernelObservers(), pipe.read_end.get()),
              ElementsAre(Pair("epoll(7)", "-"), Pair("poll(2)", "-")));
  ASSERT_EQ(::write(pipe.write_end.get(), "x", 1), 1);
  pipe.write_end.reset();
  for (int look = 0; look < 2; ++look) {  // nothing is used up
    EXPECT_THAT(
        AllSay(KernelObservers(), pipe.read_end.get()),
        ElementsAre(Pair("epoll(7)", "IN HUP"), Pair("poll(2)", "IN HUP")));
  }
}

TEST(KernelObservers, NameErrors) {
  const UniqueFd null(::open("/dev/null", O_RDWR | O_CLOEXEC));
  EXPECT_THAT(
      AllSay(KernelObservers(), null.get()),
      ElementsAre(Pair("epoll(7)", "EPERM"), Pair("poll(2)", "IN OUT")));
  const UniqueFd path(::open("/", O_PATH | O_CLOEXEC));
  EXPECT_THAT(AllSay(KernelObservers(), path.get()),
              ElementsAre(Pair("epoll(7)", "EBADF"), Pair("poll(2)", "NVAL")));
}

TEST(BackendObservers, AreAllBackendsWithTheReferenceFirst) {
  const Observers observers = BackendObservers();
  ASSERT_EQ(observers.size(), tests::AllKinds().size());
  EXPECT_EQ(observers.front()->column().title, "isopoll select");
  for (const auto& observer : observers) {
    EXPECT_EQ(observer->column().kind, Kind::kIsopoll);
  }
}

TEST(BackendObservers, SayReadinessAndHints) {
  PipeFds pipe = Pipe().value();
  pipe.write_end.reset();
  for (const auto& [title, said] :
       AllSay(BackendObservers(), pipe.read_end.get())) {
    EXPECT_EQ(said, "r+hc") << title;
  }
}

TEST(BackendObservers, SayWhatIsRefused) {
  const UniqueFd path(::open("/", O_PATH | O_CLOEXEC));
  for (const auto& [title, said] : AllSay(BackendObservers(), path.get())) {
    EXPECT_EQ(said, kRefused) << title;
  }
}

// Answers Wait as it is told to.
class ScriptedPoller : public Poller {
 public:
  using Answer = std::function<absl::StatusOr<WaitResult>(absl::Span<Event>)>;
  ScriptedPoller(absl::Status added, Answer answer)
      : added_(std::move(added)), answer_(std::move(answer)) {}

  absl::Status Add(int, Interest, Token, Trigger) override { return added_; }
  absl::Status Modify(int, Interest, Token, Trigger) override {
    return absl::OkStatus();
  }
  absl::Status Remove(int) override { return absl::OkStatus(); }
  absl::Status Set(int, Interest, Token, Trigger) override {
    return absl::OkStatus();
  }
  absl::StatusOr<WaitResult> Wait(absl::Span<Event> events,
                                  absl::Duration) override {
    return answer_(events);
  }
  void Wakeup() override {}
  Backend backend() const override { return Backend::kPoll; }
  size_t size() const override { return 1; }

 private:
  absl::Status added_;
  Answer answer_;
};

// What the observer of such a poller says of descriptor 5.
std::string Said(const absl::Status& added,
                 const ScriptedPoller::Answer& answer) {
  tests::Contender contender;
  contender.name = "scripted";
  contender.create = [=]() -> absl::StatusOr<std::unique_ptr<Poller>> {
    return std::make_unique<ScriptedPoller>(added, answer);
  };
  return PollerObserver(std::move(contender))->Look(5);
}

TEST(PollerObserver, SaysInWordsWhatMustNotBe) {
  const auto nothing = [](absl::Span<Event>) { return WaitResult(); };
  EXPECT_EQ(Said(absl::OkStatus(), nothing), "-");
  EXPECT_EQ(Said(absl::InternalError(""), nothing), "Add says INTERNAL");
  EXPECT_EQ(Said(absl::OkStatus(),
                 [](absl::Span<Event>) { return absl::InternalError(""); }),
            "Wait says INTERNAL");
  EXPECT_EQ(Said(absl::OkStatus(),
                 [](absl::Span<Event>) {
                   return WaitResult{0, /*woken=*/true};
                 }),
            "woken");
  EXPECT_EQ(Said(absl::OkStatus(),
                 [](absl::Span<Event> events) {
                   return WaitResult{events.size(), false};
                 }),
            "2 events");
  EXPECT_EQ(Said(absl::OkStatus(),
                 [](absl::Span<Event> events) {
                   events[0] = Event(6, 7, kReadable);
                   return WaitResult{1, false};
                 }),
            "another's event");
}

}  // namespace
}  // namespace isopoll::agreement
