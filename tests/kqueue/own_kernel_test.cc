// The backend on a kernel that is not the program's: one whose descriptors are
// numbers the host has no files for. A caller that asks the host is told that
// they are closed.

#include <fcntl.h>
#include <poll.h>
#include <sys/event.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <ctime>
#include <memory>
#include <ostream>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "isopoll/event.h"
#include "isopoll/interest.h"
#include "isopoll/net/pairs.h"
#include "isopoll/net/unique_fd.h"
#include "isopoll/poller.h"
#include "poller/core/backends.h"
#include "poller/kqueue/kqueue_system.h"
#include "tests/kqueue/standin_systems.h"

namespace isopoll::tests {
namespace {

// The kernel's number of a file is the host's and this.
constexpr int kShift = 1 << 16;
constexpr Token kToken = 7;

int Inside(int fd) { return fd < 0 ? fd : fd + kShift; }
// What the host never opened stays a number that it has no file for.
int Outside(int fd) { return fd < kShift ? kShift : fd - kShift; }

bool NamesFile(const struct kevent& event) {
  return event.filter == EVFILT_READ || event.filter == EVFILT_WRITE ||
         event.filter == EVFILT_EXCEPT;
}

// What a kernel does with the number of a filter that it does not have is not
// for us to try: FreeBSD's takes 0 for an index into its table.
void ExpectKnown(const struct kevent& change,
                 const internal::KqueueSystem& system) {
  switch (change.filter) {
    case EVFILT_READ:
    case EVFILT_WRITE:
      return;
    case EVFILT_EXCEPT:
      EXPECT_TRUE(system.except.exists());
      return;
    case EVFILT_USER:
      EXPECT_TRUE(system.user.exists());
      return;
    default:
      ADD_FAILURE() << "filter " << change.filter;
  }
}

// `host_poll` with the numbers translated.
int PollOutside(internal::PollFunction* host_poll, pollfd* entries,
                nfds_t count, const timespec* timeout) {
  std::vector<pollfd> translated(entries, entries + count);
  for (pollfd& entry : translated) {
    if (entry.fd >= 0) entry.fd = Outside(entry.fd);
  }
  const int answered = host_poll(translated.data(), count, timeout);
  for (nfds_t i = 0; i < count; ++i) entries[i].revents = translated[i].revents;
  return answered;
}

// Calls stand-in `kIndex` with the numbers translated.
template <size_t kIndex>
internal::KqueueSystem Shifted() {
  static const internal::KqueueSystem& host = StandinSystems()[kIndex].system;
  internal::KqueueSystem system = host;
  system.kqueue = [] { return Inside(host.kqueue()); };
  system.kevent = [](int kqueue, const struct kevent* changes, int change_count,
                     struct kevent* events, int event_count,
                     const timespec* timeout) {
    std::vector<struct kevent> translated(changes, changes + change_count);
    for (struct kevent& change : translated) {
      ExpectKnown(change, host);
      if (!NamesFile(change)) continue;
      change.ident =
          static_cast<uintptr_t>(Outside(static_cast<int>(change.ident)));
    }
    const int count = host.kevent(Outside(kqueue), translated.data(),
                                  change_count, events, event_count, timeout);
    for (int i = 0; i < count; ++i) {
      if (!NamesFile(events[i])) continue;
      events[i].ident =
          static_cast<uintptr_t>(Inside(static_cast<int>(events[i].ident)));
    }
    return count;
  };
  system.poll = [](pollfd* entries, nfds_t count, const timespec* timeout) {
    return PollOutside(host.poll, entries, count, timeout);
  };
  system.watching_poll = system.poll;
  system.quiet_poll = [](pollfd* entries, nfds_t count,
                         const timespec* timeout) {
    return PollOutside(host.quiet_poll, entries, count, timeout);
  };
  system.fcntl = [](int fd, int command, int argument) {
    return host.fcntl(Outside(fd), command, argument);
  };
  system.fstat = [](int fd, struct stat* file) {
    return host.fstat(Outside(fd), file);
  };
  system.getsockopt = [](int fd, int level, int option, void* value,
                         socklen_t* size) {
    return host.getsockopt(Outside(fd), level, option, value, size);
  };
  system.getsockname = [](int fd, sockaddr* name, socklen_t* size) {
    return host.getsockname(Outside(fd), name, size);
  };
  system.pipe = [](int fds[2]) {
    const int result = host.pipe(fds);
    for (int i = 0; i < 2; ++i) fds[i] = Inside(fds[i]);
    return result;
  };
  system.read = [](int fd, void* data, size_t size) {
    return host.read(Outside(fd), data, size);
  };
  system.write = [](int fd, const void* data, size_t size) {
    return host.write(Outside(fd), data, size);
  };
  system.close = [](int fd) { return host.close(Outside(fd)); };
  return system;
}

struct OwnKernel {
  std::string name;
  internal::KqueueSystem system;

  friend std::ostream& operator<<(std::ostream& out, const OwnKernel& kernel) {
    return out << kernel.name;
  }
};

std::vector<OwnKernel> OwnKernels() {
  return {{StandinSystems()[0].name, Shifted<0>()},
          {StandinSystems()[1].name, Shifted<1>()},
          {StandinSystems()[2].name, Shifted<2>()}};
}

class OwnKernelTest : public testing::TestWithParam<OwnKernel> {
 protected:
  static std::unique_ptr<Poller> New(const PollerOptions& options = {}) {
    return internal::MakeKqueuePoller(GetParam().system, options).value();
  }

  static std::vector<Event> Look(Poller& poller) {
    std::vector<Event> events(8);
    const WaitResult result =
        poller.Wait(absl::MakeSpan(events), absl::ZeroDuration()).value();
    events.resize(result.count);
    return events;
  }
};

TEST_P(OwnKernelTest, TakesWhatIsOpenThere) {
  const std::unique_ptr<Poller> poller = New();
  SocketPairFds pair = TcpPair().value();
  const int fd = Inside(pair.first.get());
  ASSERT_EQ(poller->Add(fd, kNone, kToken), absl::OkStatus());
  EXPECT_TRUE(Look(*poller).empty());
  ASSERT_EQ(poller->Modify(fd, kReadable | kWritable | kPriority, kToken),
            absl::OkStatus());
  const std::vector<Event> events = Look(*poller);
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].fd(), fd);
  EXPECT_EQ(events[0].ready(), kWritable);
  EXPECT_EQ(poller->Remove(fd), absl::OkStatus());
}

TEST_P(OwnKernelTest, RefusesWhatIsOpenHereOnly) {
  const std::unique_ptr<Poller> poller = New();
  const SocketPairFds pair = TcpPair().value();
  for (const Interest interest : {kNone, kReadable}) {
    EXPECT_EQ(poller->Add(pair.first.get(), interest, kToken).code(),
              absl::StatusCode::kFailedPrecondition);
  }
}

TEST_P(OwnKernelTest, FindsFilesAlwaysReady) {
  const std::unique_ptr<Poller> poller = New();
  const UniqueFd file(::open("/proc/self/exe", O_RDONLY | O_CLOEXEC));
  ASSERT_EQ(poller->Add(Inside(file.get()), kReadable | kPriority, kToken),
            absl::OkStatus());
  const std::vector<Event> events = Look(*poller);
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].ready(), kReadable);
}

TEST_P(OwnKernelTest, HasExactHints) {
  PollerOptions options;
  options.exact_hints = true;
  const std::unique_ptr<Poller> poller = New(options);
  PipeFds pipe = Pipe().value();
  pipe.write_end.reset();
  ASSERT_EQ(poller->Add(Inside(pipe.read_end.get()), kReadable, kToken),
            absl::OkStatus());
  const std::vector<Event> events = Look(*poller);
  ASSERT_EQ(events.size(), 1u);
  EXPECT_TRUE(events[0].hangup());
}

TEST_P(OwnKernelTest, SeesWhatIsClosedThere) {
  PollerOptions options;
  options.check_closed = true;
  const std::unique_ptr<Poller> poller = New(options);
  SocketPairFds pair = TcpPair().value();
  const int fd = Inside(pair.first.get());
  ASSERT_EQ(poller->Add(fd, kWritable, kToken), absl::OkStatus());
  std::vector<Event> events = Look(*poller);
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].ready(), kWritable);
  pair.first.reset();
  events = Look(*poller);
  ASSERT_EQ(events.size(), 1u);
  EXPECT_TRUE(events[0].closed());
  EXPECT_TRUE(Look(*poller).empty());
}

TEST_P(OwnKernelTest, IsWokenUp) {
  const std::unique_ptr<Poller> poller = New();
  std::thread waker([&poller] { poller->Wakeup(); });
  Event event;
  const absl::StatusOr<WaitResult> result =
      poller->Wait(absl::MakeSpan(&event, 1), absl::InfiniteDuration());
  waker.join();
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_TRUE(result->woken);
}

std::string KernelName(const testing::TestParamInfo<OwnKernel>& test) {
  return test.param.name;
}

INSTANTIATE_TEST_SUITE_P(, OwnKernelTest, testing::ValuesIn(OwnKernels()),
                         KernelName);

}  // namespace
}  // namespace isopoll::tests
