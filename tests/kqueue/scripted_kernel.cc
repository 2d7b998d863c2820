#include "tests/kqueue/scripted_kernel.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/event.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/types.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <ctime>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "isopoll/event.h"
#include "isopoll/interest.h"
#include "isopoll/poller.h"
#include "poller/core/backends.h"
#include "poller/kqueue/kqueue_system.h"
#include "poller/kqueue/kqueue_traits.h"
#include "poller/system/mask_dialect.h"

namespace isopoll {

KernelScript* kernel_script = nullptr;

namespace {

bool IsZero(const timespec* timeout) {
  return timeout != nullptr && timeout->tv_sec == 0 && timeout->tv_nsec == 0;
}

std::string NameOf(const struct kevent& change) {
  const char* const filter = change.filter == EVFILT_READ     ? "read"
                             : change.filter == EVFILT_WRITE  ? "write"
                             : change.filter == EVFILT_EXCEPT ? "except"
                                                              : "user";
  return absl::StrCat(change.ident, (change.flags & EV_ADD) != 0 ? "+" : "-",
                      filter);
}

void Change(absl::Span<const struct kevent> changes, struct kevent* receipts) {
  std::vector<std::string> names;
  for (const struct kevent& change : changes) {
    names.push_back(NameOf(change));
    const auto refused = kernel_script->refused.find(change.filter);
    const bool is_refused =
        refused != kernel_script->refused.end() && (change.flags & EV_ADD) != 0;
    *receipts = change;
    receipts->flags |= EV_ERROR;
    receipts->data = is_refused ? refused->second : 0;
    ++receipts;
  }
  kernel_script->calls.push_back(absl::StrJoin(names, " "));
}

// What `script` has next, after what happens meanwhile: a count, or -1 and
// errno, which otherwise is of no meaning.
template <typename Script, typename Entry>
int Answer(Script& script, absl::Span<Entry> entries, bool sleeps) {
  if (kernel_script->meanwhile) {
    std::exchange(kernel_script->meanwhile, nullptr)();
  }
  errno = ENOMEM;
  if (script.empty()) {
    if (sleeps) kernel_script->poller->Wakeup();
    return 0;
  }
  const auto answer = std::move(script.front());
  script.pop_front();
  const int count = answer(entries);
  if (count >= 0) return count;
  errno = -count;
  return -1;
}

int Kevent(int queue, const struct kevent* changes, int change_count,
           struct kevent* events, int event_count, const timespec* timeout) {
  EXPECT_EQ(queue, kQueue);
  if (change_count > 0 && event_count == 0) {
    kernel_script->calls.push_back("wake");
    return 0;
  }
  const auto room = static_cast<size_t>(event_count);
  if (change_count > 0) {
    Change(absl::MakeSpan(changes, static_cast<size_t>(change_count)), events);
    return change_count;
  }
  const bool sleeps = !IsZero(timeout);
  kernel_script->calls.push_back(
      absl::StrCat(sleeps ? "sleep " : "look ", event_count));
  return Answer(kernel_script->found, absl::MakeSpan(events, room), sleeps);
}

int PollScripted(pollfd* entries, nfds_t count, const timespec* timeout) {
  const bool sleeps = !IsZero(timeout);
  const auto all = absl::MakeSpan(entries, count);
  EXPECT_EQ(all[0].fd, kQueue);
  EXPECT_EQ(all[0].events, POLLIN);
  std::string call = "poll";
  for (const pollfd& entry : all.subspan(1)) {
    const Interest asked =
        internal::kPollDialect.Readiness(static_cast<uint16_t>(entry.events));
    absl::StrAppend(&call, " ", entry.fd, asked.ToString());
  }
  kernel_script->calls.push_back(call + (sleeps ? " sleep" : ""));
  return Answer(kernel_script->polled, all, sleeps);
}

// Who asks only what open numbers can answer.
int AnswerIfOpen(const char* question, int fd, int answer) {
  kernel_script->questions.push_back(absl::StrCat(question, " ", fd));
  if (kernel_script->files.count(fd) != 0 || fd == kQueue) return answer;
  errno = EBADF;
  return -1;
}

int Fstat(int fd, struct stat* file) {
  if (AnswerIfOpen("fstat", fd, 0) == -1) return -1;
  if (fd == kernel_script->without_status) {
    errno = EBADF;
    return -1;
  }
  *file = {};
  file->st_mode = kernel_script->files[fd];
  file->st_dev = 1;
  return 0;
}

int Getsockopt(int /*fd*/, int /*level*/, int option, void* value,
               socklen_t* size) {
  const int answer = option == SO_TYPE ? SOCK_STREAM : 0;
  std::memcpy(value, &answer, sizeof(answer));
  *size = sizeof(answer);
  return 0;
}

}  // namespace

internal::KqueueSystem ScriptedSystem() {
  internal::KqueueSystem system;
  system.traits = internal::kMacosTraits;
  system.except = {EVFILT_EXCEPT, NOTE_OOB};
  system.user = {EVFILT_USER, NOTE_TRIGGER};
  system.path_only = O_PATH;
  system.poll_dialect = &internal::kPollDialect;
  system.kqueue = [] { return kQueue; };
  system.kevent = &Kevent;
  system.poll = &PollScripted;
  system.watching_poll = &PollScripted;
  system.quiet_poll = &PollScripted;
  system.fcntl = [](int fd, int command, int /*argument*/) {
    if (command == F_SETFD) return 0;
    return AnswerIfOpen(command == F_GETFL ? "F_GETFL" : "F_GETFD", fd,
                        kernel_script->flags);
  };
  system.fstat = &Fstat;
  system.getsockopt = &Getsockopt;
  system.without_false_priority = [](int /*fd*/, Interest interest) {
    return interest;
  };
  system.close = [](int /*fd*/) { return 0; };
  return system;
}

struct kevent EventOf(int filter, int fd, int flags, unsigned notes) {
  struct kevent event = {};
  event.ident = static_cast<decltype(event.ident)>(fd);
  event.filter = static_cast<decltype(event.filter)>(filter);
  event.flags = static_cast<decltype(event.flags)>(flags);
  event.fflags = notes;
  return event;
}

std::function<int(absl::Span<struct kevent>)> Finds(
    std::vector<struct kevent> events) {
  return [events = std::move(events)](absl::Span<struct kevent> found) {
    const size_t count = std::min(events.size(), found.size());
    std::copy_n(events.begin(), count, found.begin());
    return static_cast<int>(count);
  };
}

std::function<int(absl::Span<pollfd>)> FindsPolled(
    std::map<int, short> answers) {
  return [answers = std::move(answers)](absl::Span<pollfd> entries) {
    int count = 0;
    for (pollfd& entry : entries) {
      const auto answer = answers.find(entry.fd);
      entry.revents = answer == answers.end() ? short{0} : answer->second;
      if (entry.revents != 0) ++count;
    }
    return count;
  };
}

ScriptedKernelTest::ScriptedKernelTest() {
  kernel_script = &script_;
  NewPoller();
}

ScriptedKernelTest::~ScriptedKernelTest() {
  poller_.reset();
  kernel_script = nullptr;
}

void ScriptedKernelTest::NewPoller() {
  poller_ = internal::MakeKqueuePoller(system_, {}).value();
  script_.poller = poller_.get();
  Calls();
}

void ScriptedKernelTest::Add(int fd, Interest interest) {
  ASSERT_EQ(poller_->Add(fd, interest, static_cast<Token>(fd)),
            absl::OkStatus());
}

void ScriptedKernelTest::Modify(int fd, Interest interest) {
  ASSERT_EQ(poller_->Modify(fd, interest, static_cast<Token>(fd)),
            absl::OkStatus());
}

std::vector<std::string> ScriptedKernelTest::Wait(absl::Duration timeout,
                                                  size_t room) {
  std::vector<Event> events(room + 1);
  const absl::StatusOr<WaitResult> result =
      poller_->Wait(absl::MakeSpan(events).first(room), timeout);
  if (!result.ok()) return {absl::StatusCodeToString(result.status().code())};
  EXPECT_EQ(events[room].fd(), -1) << "beyond the caller's span";
  std::vector<std::string> words;
  for (const Event& event : absl::MakeSpan(events).first(result->count)) {
    EXPECT_EQ(event.token(), static_cast<Token>(event.fd()));
    words.push_back(absl::StrCat(event.fd(), " ", event.ready().ToString(),
                                 event.hangup() ? " hangup" : "",
                                 event.read_closed() ? " read_closed" : "",
                                 event.error() ? " error" : "",
                                 event.closed() ? " closed" : ""));
  }
  if (result->woken) words.push_back("woken");
  return words;
}

std::vector<std::string> ScriptedKernelTest::Calls() {
  return std::exchange(script_.calls, {});
}

std::vector<std::string> ScriptedKernelTest::Questions() {
  return std::exchange(script_.questions, {});
}

}  // namespace isopoll
