#include "tests/faults/faulty_kqueue.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/event.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <ctime>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "isopoll/poller.h"
#include "poller/core/backends.h"
#include "poller/kqueue/kqueue_system.h"
#include "poller/system/poll_call.h"
#include "tests/faults/call_log.h"
#include "tests/kqueue/standin_systems.h"
#include "tests/support/poller_kind.h"

namespace isopoll::tests {
namespace {

using internal::KqueueSystem;
using internal::PollFunction;

constexpr timespec kNoTime = {};

int MakePoll(PollFunction* poll, pollfd* entries, nfds_t count,
             const timespec* time) {
  return MakeCall(
      "poll", [&] { return poll(entries, count, time); },
      [&] { return poll(entries, count, &kNoTime); });
}

// The calls of StandinSystems()[kIndex]. A table has functions without
// arguments of their own, so that each system needs its own.
template <size_t kIndex>
struct Faulty {
  static const KqueueSystem& Real() { return StandinSystems()[kIndex].system; }

  // One change for itself, which has an answer in any case.
  static void Change(int kqueue, struct kevent* change, const timespec* time) {
    const bool adds = (change->flags & EV_ADD) != 0;
    const int answers = MakeCall(
        adds ? "kevent(EV_ADD)" : "kevent(EV_DELETE)",
        [&] { return Real().kevent(kqueue, change, 1, change, 1, time); });
    if (answers == 1) return;
    change->flags |= EV_ERROR;
    change->data = answers == 0 ? 0 : errno;
  }

  static int Kevent(int kqueue, const struct kevent* changes, int change_count,
                    struct kevent* events, int event_count,
                    const timespec* time) {
    if (change_count == 0) {
      const auto wait = [&](const timespec* until) {
        return Real().kevent(kqueue, changes, 0, events, event_count, until);
      };
      return MakeCall(
          "kevent(wait)", [&] { return wait(time); },
          [&] { return wait(&kNoTime); });
    }
    if (event_count == 0) {
      return MakeCall("kevent(trigger)", [&] {
        return Real().kevent(kqueue, changes, change_count, events, 0, time);
      });
    }
    std::vector<struct kevent> answers(changes, changes + change_count);
    for (struct kevent& answer : answers) Change(kqueue, &answer, time);
    const int made = MakeCall("kevent(changes)", [&] { return change_count; });
    if (made != -1) std::copy(answers.begin(), answers.end(), events);
    return made;
  }

  static int Kqueue() {
    return MakeCall("kqueue", [] { return Real().kqueue(); });
  }
  static int Fcntl(int fd, int command, int argument) {
    const char* const name = command == F_GETFD   ? "fcntl(F_GETFD)"
                             : command == F_GETFL ? "fcntl(F_GETFL)"
                             : command == F_SETFD ? "fcntl(F_SETFD)"
                                                  : "fcntl(F_SETFL)";
    return MakeCall(name, [&] { return Real().fcntl(fd, command, argument); });
  }
  static int Fstat(int fd, struct stat* file) {
    return MakeCall("kernel's fstat", [&] { return Real().fstat(fd, file); });
  }
  static int Poll(pollfd* entries, nfds_t count, const timespec* time) {
    return MakePoll(Real().poll, entries, count, time);
  }
  static int WatchingPoll(pollfd* entries, nfds_t count, const timespec* time) {
    return MakePoll(Real().watching_poll, entries, count, time);
  }
  static int QuietPoll(pollfd* entries, nfds_t count, const timespec* time) {
    return MakePoll(Real().quiet_poll, entries, count, time);
  }
  static int Getsockopt(int fd, int level, int option, void* value,
                        socklen_t* size) {
    return MakeCall("getsockopt", [&] {
      return Real().getsockopt(fd, level, option, value, size);
    });
  }
  static int Getsockname(int fd, sockaddr* name, socklen_t* size) {
    return MakeCall("getsockname",
                    [&] { return Real().getsockname(fd, name, size); });
  }
  static int Pipe(int fds[2]) {
    return MakeCall("pipe", [&] { return Real().pipe(fds); });
  }
  static ssize_t Read(int fd, void* data, size_t size) {
    return MakeCall("read", [&] { return Real().read(fd, data, size); });
  }
  static ssize_t Write(int fd, const void* data, size_t size) {
    return MakeCall("write", [&] { return Real().write(fd, data, size); });
  }
  static int Close(int fd) {
    return MakeCall("close", [&] { return Real().close(fd); });
  }

  static KqueueSystem Make() {
    KqueueSystem system = Real();
    system.fcntl = &Fcntl;
    system.fstat = &Fstat;
    system.poll = &Poll;
    system.watching_poll = &WatchingPoll;
    system.quiet_poll = &QuietPoll;
    system.kqueue = &Kqueue;
    system.kevent = &Kevent;
    system.getsockopt = &Getsockopt;
    system.getsockname = &Getsockname;
    system.pipe = &Pipe;
    system.read = &Read;
    system.write = &Write;
    system.close = &Close;
    return system;
  }
};

template <size_t... kIndexes>
std::vector<KqueueSystem> MakeAll(std::index_sequence<kIndexes...>) {
  return {Faulty<kIndexes>::Make()...};
}

}  // namespace

std::vector<PollerKind> FaultyStandinKinds() {
  constexpr size_t kSystems = 3;
  static const auto& systems = *new std::vector<KqueueSystem>(
      MakeAll(std::make_index_sequence<kSystems>()));
  std::vector<PollerKind> kinds = StandinKinds();
  for (size_t i = 0; i < kSystems; ++i) {
    kinds.at(i).create = [i](const PollerOptions& options) {
      return internal::MakeKqueuePoller(systems[i], options);
    };
  }
  return kinds;
}

}  // namespace isopoll::tests
