// An example: how to have a poller of your own judged. In a workspace that has
// isopoll, depend on @isopoll//poller and @isopoll//tests:poller_suite, and
// define ContendersUnderTest.
//
// This one is poll(2) as most programs would wrap it. Reading HUP as select(2)
// does makes it agree with select wherever readability is asked for; what it
// does not claim is said in `lacks`, and scenarios that need that pass it over.

#include <poll.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "isopoll/poller.h"
#include "tests/support/capability.h"
#include "tests/support/contender.h"
#include "tests/support/under_test.h"

namespace {

using isopoll::Event;
using isopoll::Interest;
using isopoll::Token;
using isopoll::Trigger;

class OwnPoller : public isopoll::Poller {
 public:
  absl::Status Add(int fd, Interest interest, Token token, Trigger) override {
    if (entries_.count(fd) != 0) return absl::AlreadyExistsError("registered");
    pollfd probe = {fd, 0, 0};
    if (::poll(&probe, 1, 0) == 1 && (probe.revents & POLLNVAL) != 0) {
      return absl::FailedPreconditionError("not open");
    }
    entries_[fd] = {interest, token};
    return absl::OkStatus();
  }

  absl::Status Modify(int fd, Interest interest, Token token,
                      Trigger) override {
    if (entries_.count(fd) == 0) return absl::NotFoundError("not registered");
    entries_[fd] = {interest, token};
    return absl::OkStatus();
  }

  absl::Status Remove(int fd) override {
    if (entries_.erase(fd) == 0) return absl::NotFoundError("not registered");
    return absl::OkStatus();
  }

  absl::Status Set(int fd, Interest interest, Token token,
                   Trigger trigger) override {
    if (interest.empty()) {
      entries_.erase(fd);
      return absl::OkStatus();
    }
    return entries_.count(fd) == 0 ? Add(fd, interest, token, trigger)
                                   : Modify(fd, interest, token, trigger);
  }

  // Rounds up to milliseconds, and lets signals end it.
  absl::StatusOr<isopoll::WaitResult> Wait(absl::Span<Event> events,
                                           absl::Duration timeout) override {
    std::vector<pollfd> fds;
    for (const auto& [fd, entry] : entries_) {
      fds.push_back({fd, Mask(entry.interest), 0});
    }
    const int64_t milliseconds = timeout == absl::InfiniteDuration()
                                     ? -1
                                     : absl::ToInt64Milliseconds(absl::Ceil(
                                           timeout, absl::Milliseconds(1)));
    if (::poll(fds.data(), static_cast<nfds_t>(fds.size()),
               static_cast<int>(milliseconds)) == -1) {
      return absl::ErrnoToStatus(errno, "poll");
    }
    isopoll::WaitResult result;
    for (const pollfd& found : fds) {
      const Interest ready =
          Readiness(found.revents) & entries_[found.fd].interest;
      if (ready.empty() || result.count == events.size()) continue;
      events[result.count++] = Event(found.fd, entries_[found.fd].token, ready);
    }
    return result;
  }

  void Wakeup() override {}
  isopoll::Backend backend() const override { return isopoll::Backend::kPoll; }
  size_t size() const override { return entries_.size(); }

 private:
  struct Entry {
    Interest interest;
    Token token = 0;
  };

  static short Mask(Interest interest) {
    return static_cast<short>((interest.readable() ? POLLIN : 0) |
                              (interest.writable() ? POLLOUT : 0) |
                              (interest.priority() ? POLLPRI : 0));
  }

  static Interest Readiness(int revents) {
    Interest ready;
    if ((revents & (POLLIN | POLLHUP | POLLERR)) != 0) {
      ready |= isopoll::kReadable;
    }
    if ((revents & (POLLOUT | POLLERR)) != 0) ready |= isopoll::kWritable;
    if ((revents & POLLPRI) != 0) ready |= isopoll::kPriority;
    return ready;
  }

  std::map<int, Entry> entries_;
};

}  // namespace

std::vector<isopoll::tests::Contender> isopoll::tests::ContendersUnderTest() {
  Contender own;
  own.name = "own poller";
  own.create = [] { return std::make_unique<OwnPoller>(); };
  own.lacks = {Capability::kOneShot, Capability::kFairness, Capability::kWakeup,
               Capability::kClosedWithoutRemove};
  return {own};
}
