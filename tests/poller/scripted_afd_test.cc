// The AFD backend on a driver that does what Windows' does now and then, and
// Wine's never.

#include <cstddef>
#include <cstdint>
#include <ctime>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "isopoll/backend.h"
#include "isopoll/interest.h"
#include "isopoll/poller.h"
#include "poller/afd/afd_driver.h"
#include "poller/afd/afd_set.h"
#include "poller/core/errors.h"
#include "poller/core/poller_on.h"

namespace isopoll::internal {
namespace {

constexpr int kA = 4;
constexpr int kB = 8;
constexpr int kC = 12;

HANDLE SocketNumbered(int fd) {
  return reinterpret_cast<HANDLE>(static_cast<intptr_t>(fd));
}

// What a test says and sees.
struct Script {
  std::map<HANDLE, uint32_t> holds;  // of each socket that is open
  // One that is cancelled comes back only when Return is called.
  bool slow_to_return = false;
  int refused_asks = 0;  // of how many the next fail, for want of memory
  bool port_fails = false;

  std::map<HANDLE, AfdRequest*> asked;
  std::deque<AfdRequest*> cancelled;
  std::deque<AfdRequest*> packets;  // null: a Post
  int sleeps = 0;

  void Complete(AfdRequest* request, uint32_t events) {
    asked.erase(request->info.sockets[0].socket);
    request->info.count = events == 0 ? 0 : 1;
    request->info.sockets[0].events = events;
    packets.push_back(request);
  }
  void Return() {
    for (AfdRequest* const request : cancelled) Complete(request, 0);
    cancelled.clear();
  }
  // `events` come about.
  void Set(int fd, uint32_t events) {
    const HANDLE socket = SocketNumbered(fd);
    holds[socket] = events;
    const auto found = asked.find(socket);
    if (found != asked.end()) Answer(found->second, events);
  }
  // The system takes a question back, which stands in the request still.
  void Drop(int fd) {
    AfdRequest* const request = asked.at(SocketNumbered(fd));
    asked.erase(SocketNumbered(fd));
    request->result.Status = static_cast<NTSTATUS>(0xC0000120);  // cancelled
    packets.push_back(request);
  }
  void Answer(AfdRequest* request, uint32_t events) {
    if ((request->info.sockets[0].events & events) == 0) return;
    Complete(request, request->info.sockets[0].events & events);
  }
  void Close(int fd) {
    const auto found = asked.find(SocketNumbered(fd));
    if (found != asked.end()) Answer(found->second, kAfdLocalClose);
    holds.erase(SocketNumbered(fd));
  }
};

class ScriptedDriver {
 public:
  explicit ScriptedDriver(Script* script) : script_(*script) {}

  absl::StatusOr<HANDLE> SocketOf(int fd) const {
    if (script_.holds.count(SocketNumbered(fd)) == 0) return NotOpen(fd);
    return SocketNumbered(fd);
  }
  absl::Status Ask(AfdRequest* request, HANDLE socket, uint32_t events) const {
    if (script_.refused_asks > 0) {
      --script_.refused_asks;
      return absl::ResourceExhaustedError("no memory");
    }
    if (script_.holds.count(socket) == 0) return NotOpen(request->fd);
    EXPECT_TRUE(script_.asked.emplace(socket, request).second)
        << "two questions about fd " << request->fd;
    request->info = {0, 1, 0, {{socket, events | kAfdLocalClose, 0}}};
    request->result.Status = 0;
    script_.Answer(request, script_.holds[socket]);
    return absl::OkStatus();
  }
  void Cancel(AfdRequest* request) const {
    for (AfdRequest* const packet : script_.packets) {
      if (packet == request) return;
    }
    script_.cancelled.push_back(request);
    if (!script_.slow_to_return) script_.Return();
  }
  absl::StatusOr<size_t> Take(absl::Span<AfdPacket> packets,
                              const timespec* timeout) const {
    if (script_.port_fails) return absl::UnknownError("the port is gone");
    size_t count = 0;
    for (; count < packets.size() && !script_.packets.empty(); ++count) {
      AfdRequest* const request = script_.packets.front();
      packets[count].request = request;
      if (request != nullptr) packets[count].result = request->result;
      script_.packets.pop_front();
    }
    const bool no_time =
        timeout != nullptr && timeout->tv_sec == 0 && timeout->tv_nsec == 0;
    if (count == 0 && !no_time) ++script_.sleeps;
    return count;
  }
  void Post() const { script_.packets.push_back(nullptr); }
  absl::Status Look(std::vector<AfdSocket>* sockets, int fd) {
    for (AfdSocket& socket : *sockets) {
      const auto found = script_.holds.find(socket.socket);
      if (found == script_.holds.end()) return NotOpen(fd);
      socket.events &= found->second;
    }
    return absl::OkStatus();
  }

 private:
  Script& script_;
};

class ScriptedAfdTest : public testing::Test {
 protected:
  ScriptedAfdTest() {
    for (const int fd : {kA, kB, kC}) script_.Set(fd, 0);
    poller_ = std::make_unique<PollerOn<AfdSet<ScriptedDriver>>>(
        Backend::kAfd, PollerOptions(), ScriptedDriver(&script_));
  }
  ~ScriptedAfdTest() override {
    if (!script_.port_fails) script_.Return();
    poller_.reset();
    EXPECT_TRUE(script_.asked.empty()) << "the driver has a request still";
  }

  void Add(int fd, Interest interest) {
    const absl::Status added =
        poller_->Add(fd, interest, static_cast<Token>(fd));
    EXPECT_TRUE(added.ok()) << added;
  }
  void Modify(int fd, Interest interest) {
    const absl::Status modified =
        poller_->Modify(fd, interest, static_cast<Token>(fd));
    EXPECT_TRUE(modified.ok()) << modified;
  }
  // What Wait says: "4=rw 8=r".
  std::string Look(size_t span = 8) { return Wait(absl::ZeroDuration(), span); }
  std::string Wait(absl::Duration timeout, size_t span = 8) {
    std::vector<Event> events(span);
    const auto result = poller_->Wait(absl::MakeSpan(events), timeout);
    if (!result.ok()) return result.status().ToString();
    std::string text;
    for (size_t i = 0; i < result->count; ++i) {
      absl::StrAppend(&text, text.empty() ? "" : " ", events[i].token(), "=",
                      events[i].readable() ? "r" : "",
                      events[i].writable() ? "w" : "",
                      events[i].priority() ? "p" : "");
    }
    return text;
  }

  Script script_;
  std::unique_ptr<Poller> poller_;
};

TEST_F(ScriptedAfdTest, AnAnswerIsASignAndALookTheAnswer) {
  Add(kA, kReadable | kWritable | kPriority);
  EXPECT_EQ(Look(), "");
  script_.Set(kA, kAfdSend);
  script_.holds[SocketNumbered(kA)] |= kAfdReceive | kAfdReceiveUrgent;
  EXPECT_EQ(Look(), "4=rwp");
}

TEST_F(ScriptedAfdTest, ASignThatIsPastIsNoEvent) {
  Add(kA, kReadable);
  script_.Set(kA, kAfdReceive);
  script_.holds[SocketNumbered(kA)] = 0;
  EXPECT_EQ(Look(), "");
  script_.Set(kA, kAfdReceive);
  EXPECT_EQ(Look(), "4=r");
}

// The driver itself checks that no second one comes.
TEST_F(ScriptedAfdTest, AfterAChangeNoQuestionBeforeTheLastIsBack) {
  script_.slow_to_return = true;
  Add(kA, kReadable);
  Modify(kA, kWritable);
  EXPECT_EQ(Look(), "");
  Modify(kA, kReadable | kWritable);
  script_.holds[SocketNumbered(kA)] = kAfdSend;
  EXPECT_EQ(Look(), "4=w");
  EXPECT_EQ(Look(), "4=w");
  script_.Return();
  EXPECT_EQ(Look(), "4=w");
  EXPECT_EQ(script_.asked.size(), 0u);  // it was answered at once
}

TEST_F(ScriptedAfdTest, WhatHasNoQuestionIsLookedAtBeforeASleep) {
  script_.slow_to_return = true;
  Add(kA, kReadable);
  Modify(kA, kWritable);
  script_.holds[SocketNumbered(kA)] = kAfdSend;
  EXPECT_EQ(Wait(absl::InfiniteDuration()), "4=w");
  EXPECT_EQ(script_.sleeps, 0);
}

TEST_F(ScriptedAfdTest, ARemovedNumberIsAddedBeforeTheLastQuestionIsBack) {
  script_.slow_to_return = true;
  Add(kA, kReadable);
  EXPECT_TRUE(poller_->Remove(kA).ok());
  Add(kA, kReadable);
  script_.holds[SocketNumbered(kA)] = kAfdReceive;
  EXPECT_EQ(Look(), "4=r");
  EXPECT_TRUE(poller_->Remove(kA).ok());
  script_.Return();
  EXPECT_EQ(Look(), "");
}

TEST_F(ScriptedAfdTest, EachIsReportedInItsTurn) {
  for (const int fd : {kA, kB, kC}) {
    Add(fd, kReadable);
    script_.Set(fd, kAfdReceive);
  }
  std::set<std::string> reported;
  for (int i = 0; i < 3; ++i) reported.insert(Look(/*span=*/1));
  EXPECT_EQ(reported, (std::set<std::string>{"4=r", "8=r", "12=r"}));
}

TEST_F(ScriptedAfdTest, OneThatIsNotReadyTakesNoPlace) {
  for (const int fd : {kA, kB, kC}) {
    Add(fd, kReadable);
    script_.Set(fd, kAfdReceive);
  }
  script_.holds[SocketNumbered(kA)] = 0;
  EXPECT_EQ(Look(/*span=*/2), "8=r 12=r");
}

TEST_F(ScriptedAfdTest, OneThatIsClosedHidesNoOther) {
  Add(kA, kReadable);
  Add(kB, kReadable);
  script_.Close(kA);
  script_.Set(kB, kAfdReceive);
  EXPECT_EQ(Look(), "8=r");
  EXPECT_EQ(Look(), "8=r");
}

// Before the Wait that hears that the first was closed.
TEST_F(ScriptedAfdTest, AnotherSocketUnderItsNumberIsNotItself) {
  Add(kA, kReadable);
  script_.Close(kA);
  script_.Set(kA, kAfdReceive);
  EXPECT_EQ(Look(), "");
  Modify(kA, kReadable);
  EXPECT_EQ(Look(), "4=r");
}

TEST_F(ScriptedAfdTest, AQuestionThatTheSystemTakesBackIsNoClosing) {
  Add(kA, kReadable);
  script_.Drop(kA);
  EXPECT_EQ(Look(), "");
  EXPECT_EQ(Look(), "");
  script_.Set(kA, kAfdReceive);
  EXPECT_EQ(Look(), "4=r");
}

TEST_F(ScriptedAfdTest, WhatCannotBeAskedIsRefused) {
  script_.refused_asks = 1;
  EXPECT_TRUE(absl::IsResourceExhausted(poller_->Add(kA, kReadable, 1)));
  EXPECT_EQ(poller_->size(), 0u);
  EXPECT_TRUE(absl::IsFailedPrecondition(poller_->Add(16, kReadable, 1)));
  Add(kA, kReadable);
}

TEST_F(ScriptedAfdTest, WaitTellsOfWhatItCannotAskAndTriesAgain) {
  Add(kA, kReadable);
  script_.Set(kA, kAfdReceive);
  EXPECT_EQ(Look(), "4=r");
  script_.holds[SocketNumbered(kA)] = 0;
  script_.refused_asks = 1;
  EXPECT_EQ(Look(), "RESOURCE_EXHAUSTED: no memory");
  script_.Set(kA, kAfdReceive);
  script_.refused_asks = 1;
  EXPECT_EQ(Look(), "4=r");  // what there is to report is not lost
  EXPECT_EQ(Look(), "4=r");
}

TEST_F(ScriptedAfdTest, AnErrorOfThePortIsToldAndTheDriverKeepsItsRequests) {
  Add(kA, kReadable);
  script_.port_fails = true;
  EXPECT_EQ(Look(), "UNKNOWN: the port is gone");
  poller_.reset();
  ASSERT_EQ(script_.cancelled.size(), 0u);
  EXPECT_EQ(script_.packets.size(), 1u);
  delete script_.packets.front();  // it was left to the driver
}

}  // namespace
}  // namespace isopoll::internal
