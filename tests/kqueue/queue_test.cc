// KqueueQueue and KqueueFilters: with which calls they ask the kernel, and what
// they make of its answers. The kernel is a script.

#include <fcntl.h>
#include <sys/event.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "isopoll/interest.h"
#include "poller/kqueue/kqueue_filters.h"
#include "poller/kqueue/kqueue_queue.h"
#include "poller/kqueue/kqueue_system.h"
#include "poller/kqueue/kqueue_traits.h"

namespace isopoll::internal {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using testing::UnorderedElementsAre;

constexpr int kQueue = 50;
constexpr int kReadEnd = 51;
constexpr int kWriteEnd = 52;
constexpr int kFd = 7;
constexpr uint32_t kNote = 0x40;

struct Script {
  // With what the next calls of a name fail; 0: they do not.
  std::map<std::string, std::deque<int>> errors;
  // Of the changes that are to be refused: by filter and flag, with what.
  std::map<std::pair<int, int>, int> refused;
  std::deque<ssize_t> reads;  // how many bytes each has

  std::vector<struct kevent> changes;  // that were asked for
  std::vector<std::pair<int, int>> fcntls;
  std::vector<int> closed;
  int written = 0;
  // Of the last kevent.
  int queue = -1, change_count = -1, event_count = -1;
  bool has_timeout = false;
  timespec timeout = {};
};

Script& TheScript() {
  static auto& script = *new Script();
  return script;
}

// -1 with the next error of `call`, or `result` if that is 0 or there is none.
int Answer(const std::string& call, int result) {
  std::deque<int>& errors = TheScript().errors[call];
  if (errors.empty()) return result;
  const int error = errors.front();
  errors.pop_front();
  if (error == 0) return result;
  errno = error;
  return -1;
}

void Take(const struct kevent& change, struct kevent* receipt) {
  Script& script = TheScript();
  script.changes.push_back(change);
  if (receipt == nullptr) return;
  *receipt = change;
  receipt->flags |= EV_ERROR;
  for (const auto& [key, error] : script.refused) {
    if (change.filter == key.first && (change.flags & key.second) != 0) {
      receipt->data = error;
    }
  }
}

int Kevent(int queue, const struct kevent* changes, int change_count,
           struct kevent* events, int event_count, const timespec* timeout) {
  Script& script = TheScript();
  script.queue = queue;
  script.change_count = change_count;
  script.event_count = event_count;
  script.has_timeout = timeout != nullptr;
  if (timeout != nullptr) script.timeout = *timeout;
  const int answer = Answer("kevent", change_count);
  if (answer == -1) return -1;
  for (int i = 0; i < change_count; ++i) {
    Take(changes[i], i < event_count ? &events[i] : nullptr);
  }
  return std::min(change_count, event_count);
}

KqueueSystem System(bool user_filter) {
  KqueueSystem system;
  system.traits = kMacosTraits;
  system.except = {EVFILT_EXCEPT, kNote};
  if (user_filter) system.user = {EVFILT_USER, NOTE_TRIGGER};
  system.kqueue = [] { return Answer("kqueue", kQueue); };
  system.kevent = &Kevent;
  system.fcntl = [](int fd, int command, int argument) {
    if (command != F_GETFD) TheScript().fcntls.emplace_back(fd, argument);
    return Answer(command == F_GETFD ? "F_GETFD" : "fcntl", 0);
  };
  system.pipe = [](int fds[2]) {
    fds[0] = kReadEnd;
    fds[1] = kWriteEnd;
    return Answer("pipe", 0);
  };
  system.read = [](int fd, void* /*data*/, size_t /*size*/) -> ssize_t {
    EXPECT_EQ(fd, kReadEnd);
    if (TheScript().reads.empty()) return Answer("read", 0);
    const ssize_t count = TheScript().reads.front();
    TheScript().reads.pop_front();
    if (count >= 0) return count;
    errno = static_cast<int>(-count);
    return -1;
  };
  system.write = [](int fd, const void* /*data*/, size_t size) -> ssize_t {
    EXPECT_EQ(fd, kWriteEnd);
    EXPECT_EQ(size, 1u);
    ++TheScript().written;
    return Answer("write", 1);
  };
  system.close = [](int fd) {
    TheScript().closed.push_back(fd);
    return 0;
  };
  return system;
}

// Without EV_RECEIPT, which all changes of descriptors have.
std::string Name(const struct kevent& change) {
  const std::string filter = change.filter == EVFILT_READ     ? "read"
                             : change.filter == EVFILT_WRITE  ? "write"
                             : change.filter == EVFILT_EXCEPT ? "except"
                                                              : "user";
  std::string flags;
  if ((change.flags & EV_ADD) != 0) flags += " add";
  if ((change.flags & EV_DELETE) != 0) flags += " delete";
  if ((change.flags & EV_CLEAR) != 0) flags += " clear";
  return filter + flags + (change.fflags == 0 ? "" : " note");
}

// The changes asked for since the last time.
std::vector<std::string> Asked() {
  std::vector<std::string> names;
  for (const struct kevent& change : TheScript().changes) {
    EXPECT_TRUE(change.filter == EVFILT_USER || change.ident == kFd ||
                change.ident == kReadEnd);
    names.push_back(Name(change));
  }
  TheScript().changes.clear();
  return names;
}

// The last kevent was not to wait.
void ExpectNoWait() {
  EXPECT_TRUE(TheScript().has_timeout);
  EXPECT_EQ(TheScript().timeout.tv_sec, 0);
  EXPECT_EQ(TheScript().timeout.tv_nsec, 0);
}

struct kevent Event(int filter, int ident) {
  struct kevent event = {};
  event.filter = static_cast<decltype(event.filter)>(filter);
  event.ident = static_cast<decltype(event.ident)>(ident);
  return event;
}

class QueueTest : public testing::Test {
 protected:
  QueueTest() { TheScript() = Script(); }

  const KqueueSystem with_user_ = System(/*user_filter=*/true);
  const KqueueSystem with_pipe_ = System(/*user_filter=*/false);
};

TEST_F(QueueTest, IsMadeWithAUserFilter) {
  {
    const absl::StatusOr<KqueueQueue> queue = KqueueQueue::Create(with_user_);
    ASSERT_TRUE(queue.ok()) << queue.status();
    EXPECT_EQ(queue->fd(), kQueue);
    EXPECT_TRUE(queue->Owns(kQueue));
    EXPECT_FALSE(queue->Owns(0));
    EXPECT_FALSE(queue->Owns(kReadEnd));
    EXPECT_THAT(Asked(), ElementsAre("user add clear"));
    EXPECT_THAT(TheScript().fcntls, ElementsAre(Pair(kQueue, FD_CLOEXEC)));
    EXPECT_THAT(TheScript().closed, IsEmpty());
  }
  EXPECT_THAT(TheScript().closed, ElementsAre(kQueue));
}

TEST_F(QueueTest, IsMadeWithAPipe) {
  {
    const absl::StatusOr<KqueueQueue> queue = KqueueQueue::Create(with_pipe_);
    ASSERT_TRUE(queue.ok()) << queue.status();
    for (const int own : {kQueue, kReadEnd, kWriteEnd}) {
      EXPECT_TRUE(queue->Owns(own));
    }
    EXPECT_FALSE(queue->Owns(0));
    EXPECT_THAT(Asked(), ElementsAre("read add"));
    EXPECT_THAT(
        TheScript().fcntls,
        ElementsAre(Pair(kQueue, FD_CLOEXEC), Pair(kReadEnd, O_NONBLOCK),
                    Pair(kReadEnd, FD_CLOEXEC), Pair(kWriteEnd, O_NONBLOCK),
                    Pair(kWriteEnd, FD_CLOEXEC)));
  }
  EXPECT_THAT(TheScript().closed,
              UnorderedElementsAre(kQueue, kReadEnd, kWriteEnd));
}

// A child does not have it, and its number may be another file's there.
TEST_F(QueueTest, IsNotClosedInAChild) {
  absl::StatusOr<KqueueQueue> queue = KqueueQueue::Create(with_user_);
  const pid_t child = ::fork();
  ASSERT_NE(child, -1);
  if (child == 0) {
    queue = absl::CancelledError("");
    ::_exit(TheScript().closed.empty() ? 0 : 1);
  }
  int status = -1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

// Whichever call fails, be it the first of its name or a later one.
TEST_F(QueueTest, IsNotMadeInHalf) {
  struct Failure {
    std::string call;
    size_t calls_before, descriptors;
  };
  for (const Failure& failure : std::vector<Failure>{{"kqueue", 0, 0},
                                                     {"fcntl", 0, 1},
                                                     {"pipe", 0, 1},
                                                     {"fcntl", 1, 3},
                                                     {"fcntl", 2, 3},
                                                     {"fcntl", 3, 3},
                                                     {"fcntl", 4, 3},
                                                     {"kevent", 0, 3}}) {
    SCOPED_TRACE(failure.call);
    TheScript() = Script();
    std::deque<int>& errors = TheScript().errors[failure.call];
    errors.assign(failure.calls_before, 0);
    errors.push_back(EMFILE);
    const absl::Status status = KqueueQueue::Create(with_pipe_).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted) << status;
    EXPECT_NE(status.message().find(failure.call), absl::string_view::npos);
    EXPECT_EQ(TheScript().closed.size(), failure.descriptors);
  }
}

TEST_F(QueueTest, WakesByTriggeringUntilNobodyInterrupts) {
  const KqueueQueue queue = *KqueueQueue::Create(with_user_);
  Asked();
  TheScript().errors["kevent"] = {EINTR, EINTR};
  errno = ENOTTY;
  queue.Wake();
  EXPECT_EQ(errno, ENOTTY);
  EXPECT_THAT(Asked(), ElementsAre("user note"));
  EXPECT_EQ(TheScript().queue, kQueue);
  EXPECT_EQ(TheScript().change_count, 1);
  EXPECT_EQ(TheScript().event_count, 0);
  ExpectNoWait();
  TheScript().errors["kevent"] = {ENOMEM, EINTR};
  queue.Wake();
  EXPECT_THAT(TheScript().errors["kevent"], ElementsAre(EINTR));
  // A success is no interruption, whatever errno was.
  TheScript().errors["kevent"].clear();
  errno = EINTR;
  queue.Wake();
  EXPECT_THAT(Asked(), ElementsAre("user note"));
}

TEST_F(QueueTest, WakesByWritingUntilNobodyInterrupts) {
  const KqueueQueue queue = *KqueueQueue::Create(with_pipe_);
  TheScript().errors["write"] = {EINTR};
  errno = ENOTTY;
  queue.Wake();
  EXPECT_EQ(errno, ENOTTY);
  EXPECT_EQ(TheScript().written, 2);
  TheScript().errors["write"] = {EAGAIN};
  errno = EINTR;
  queue.Wake();
  EXPECT_EQ(TheScript().written, 3);
  errno = EINTR;
  queue.Wake();
  EXPECT_EQ(TheScript().written, 4);
}

TEST_F(QueueTest, TellsAWakeUpFromEvents) {
  const KqueueQueue user = *KqueueQueue::Create(with_user_);
  EXPECT_TRUE(user.TakeWake(Event(EVFILT_USER, 0)));
  EXPECT_FALSE(user.TakeWake(Event(EVFILT_READ, 0)));
  const KqueueQueue pipe = *KqueueQueue::Create(with_pipe_);
  EXPECT_FALSE(pipe.TakeWake(Event(EVFILT_READ, kFd)));
  TheScript().reads = {64, -EINTR, 64, 3, 99};
  EXPECT_TRUE(pipe.TakeWake(Event(EVFILT_READ, kReadEnd)));
  EXPECT_THAT(TheScript().reads, ElementsAre(99));
  TheScript().reads = {64, -EAGAIN, 99};
  EXPECT_TRUE(pipe.TakeWake(Event(EVFILT_READ, kReadEnd)));
  EXPECT_THAT(TheScript().reads, ElementsAre(99));
  TheScript().reads = {3, 99};
  errno = EINTR;
  EXPECT_TRUE(pipe.TakeWake(Event(EVFILT_READ, kReadEnd)));
  EXPECT_THAT(TheScript().reads, ElementsAre(99));
}

TEST_F(QueueTest, AsksForAReceiptOfEachChange) {
  const KqueueQueue queue = *KqueueQueue::Create(with_user_);
  Asked();
  queue.Change({});
  EXPECT_THAT(Asked(), IsEmpty());
  TheScript().refused[{EVFILT_WRITE, EV_ADD}] = ENODEV;
  TheScript().errors["kevent"] = {EINTR};
  std::vector<struct kevent> changes = {MakeKevent(kFd, EVFILT_READ, EV_ADD),
                                        MakeKevent(kFd, EVFILT_WRITE, EV_ADD)};
  errno = EINTR;
  queue.Change(absl::MakeSpan(changes));
  for (const struct kevent& change : TheScript().changes) {
    EXPECT_NE(change.flags & EV_RECEIPT, 0);
  }
  EXPECT_THAT(Asked(), ElementsAre("read add", "write add"));
  EXPECT_EQ(TheScript().event_count, 2);
  ExpectNoWait();
  EXPECT_EQ(changes[0].data, 0);
  EXPECT_EQ(changes[1].data, ENODEV);
}

TEST_F(QueueTest, ThatTakesNoChangesHasRefusedEach) {
  const KqueueQueue queue = *KqueueQueue::Create(with_user_);
  TheScript().errors["kevent"] = {ENOMEM, EINTR};
  std::vector<struct kevent> changes = {MakeKevent(kFd, EVFILT_READ, EV_ADD),
                                        MakeKevent(kFd, EVFILT_WRITE, EV_ADD)};
  queue.Change(absl::MakeSpan(changes));
  EXPECT_EQ(changes[0].data, ENOMEM);
  EXPECT_EQ(changes[1].data, ENOMEM);
  EXPECT_THAT(TheScript().errors["kevent"], ElementsAre(EINTR));
}

TEST_F(QueueTest, WaitsAsLongAsItIsTold) {
  const KqueueQueue queue = *KqueueQueue::Create(with_user_);
  std::vector<struct kevent> events(5);
  EXPECT_EQ(queue.Wait(absl::MakeSpan(events), absl::Milliseconds(500)), 0);
  EXPECT_EQ(TheScript().queue, kQueue);
  EXPECT_EQ(TheScript().change_count, 0);
  EXPECT_EQ(TheScript().event_count, 5);
  EXPECT_TRUE(TheScript().has_timeout);
  EXPECT_EQ(TheScript().timeout.tv_sec, 0);
  EXPECT_EQ(TheScript().timeout.tv_nsec, 500'000'000);
  queue.Wait(absl::MakeSpan(events), absl::InfiniteDuration());
  EXPECT_FALSE(TheScript().has_timeout);
}

class FiltersTest : public QueueTest {
 protected:
  FiltersTest() { Asked(); }

  absl::Status Set(Interest before, Interest wanted) {
    refused_ = false;
    return filters_.Set(kFd, before, wanted, &refused_);
  }

  const KqueueQueue queue_ = *KqueueQueue::Create(with_user_);
  const KqueueFilters filters_{with_user_, queue_};
  bool refused_ = false;
};

TEST_F(FiltersTest, SetAddsWhatIsWantedAndDeletesTheRest) {
  EXPECT_EQ(Set(kNone, kReadable | kPriority), absl::OkStatus());
  EXPECT_THAT(Asked(), ElementsAre("read add", "except add clear note"));
  EXPECT_EQ(Set(kReadable | kPriority, kReadable | kWritable),
            absl::OkStatus());
  EXPECT_THAT(Asked(), ElementsAre("read add", "write add", "except delete"));
  EXPECT_FALSE(refused_);
}

TEST_F(FiltersTest, SetUndoesWhatItHasDone) {
  TheScript().refused[{EVFILT_WRITE, EV_ADD}] = ENOMEM;
  EXPECT_EQ(Set(kPriority, kReadable | kWritable).code(),
            absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(Asked(), ElementsAre("read add", "write add", "except delete",
                                   "read delete", "write delete",
                                   "except add clear note"));
}

TEST_F(FiltersTest, SetDoesNotMindAFilterThatIsGone) {
  TheScript().refused[{EVFILT_READ, EV_DELETE}] = ENOENT;
  EXPECT_EQ(Set(kReadable, kWritable), absl::OkStatus());
  EXPECT_THAT(Asked(), ElementsAre("read delete", "write add"));
}

TEST_F(FiltersTest, SetSaysIfAFileHasNoSuchFilter) {
  TheScript().refused[{EVFILT_READ, EV_ADD}] = ENODEV;
  EXPECT_EQ(Set(kNone, kReadable | kWritable), absl::OkStatus());
  EXPECT_TRUE(refused_);
  EXPECT_THAT(Asked(), ElementsAre("read add", "write add"));
  // But for what has an error beside it, which is an error.
  TheScript().refused[{EVFILT_WRITE, EV_ADD}] = ENOMEM;
  EXPECT_FALSE(Set(kNone, kReadable | kWritable).ok());
}

TEST_F(FiltersTest, SetTellsAClosedNumberFromARefusal) {
  TheScript().refused[{EVFILT_READ, EV_ADD}] = EBADF;
  EXPECT_EQ(Set(kNone, kReadable), absl::OkStatus());
  EXPECT_TRUE(refused_);
  TheScript().errors["F_GETFD"] = {EBADF};
  EXPECT_EQ(Set(kNone, kReadable).code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_FALSE(refused_);
  TheScript().refused[{EVFILT_READ, EV_ADD}] = EFAULT;
  const absl::Status status = Set(kNone, kReadable);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_NE(status.message().find("kevent"), absl::string_view::npos);
}

TEST_F(FiltersTest, DeleteDeletesTheseAndNoOthers) {
  filters_.Delete(kFd, kWritable | kPriority);
  EXPECT_THAT(Asked(), ElementsAre("write delete", "except delete"));
  filters_.Delete(kFd, kNone);
  EXPECT_THAT(Asked(), IsEmpty());
}

TEST_F(FiltersTest, RenewPriorityTellsWhetherThereIsOne) {
  TheScript().refused[{EVFILT_EXCEPT, EV_DELETE}] = ENOENT;
  EXPECT_EQ(filters_.RenewPriority(kFd), 0);
  EXPECT_THAT(Asked(), ElementsAre("except delete", "except add clear note"));
  TheScript().refused[{EVFILT_EXCEPT, EV_ADD}] = ENOMEM;
  EXPECT_EQ(filters_.RenewPriority(kFd), ENOMEM);
}

TEST_F(FiltersTest, EventsHaveADirection) {
  EXPECT_EQ(filters_.DirectionOf(Event(EVFILT_READ, kFd)), kReadable);
  EXPECT_EQ(filters_.DirectionOf(Event(EVFILT_WRITE, kFd)), kWritable);
  EXPECT_EQ(filters_.DirectionOf(Event(EVFILT_EXCEPT, kFd)), kPriority);
}

}  // namespace
}  // namespace isopoll::internal
