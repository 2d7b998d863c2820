// Reactor: calls those whose descriptors are ready, and those whose time has
// come.

#ifndef ISOPOLL_ECHO_LOOP_REACTOR_H_
#define ISOPOLL_ECHO_LOOP_REACTOR_H_

#include <cstdint>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "echo/loop/timers.h"
#include "isopoll/poller.h"

namespace isopoll::echo {

// Owns the tokens of a Poller, and no handler. Used from one thread at a time;
// only the Poller's Wakeup ends a Turn from outside.
class Reactor {
 public:
  class Handler {
   public:
    virtual ~Handler() = default;
    // What of its interest holds. The handler may be destroyed by this. An
    // error ends the loop: what goes wrong with one peer is none.
    virtual absl::Status OnReady(Interest ready) = 0;
  };

  // `poller` must outlive the reactor. The tokens count from 0 in the order of
  // registration, and none is used twice: an event of an earlier descriptor
  // finds nobody.
  explicit Reactor(Poller& poller) : poller_(poller), events_(kEventsPerTurn) {}

  // Waits until something is ready or due, or a Wakeup, but not beyond
  // `at_most`, and calls whom it concerns.
  absl::Status Turn(absl::Duration at_most = absl::InfiniteDuration());

  Poller& poller() { return poller_; }
  Timers& timers() { return timers_; }
  // The time at which the last wait ended; from a timer or handler, now.
  absl::Duration now() const { return now_; }
  uint64_t turns() const { return turns_; }
  uint64_t events() const { return events_seen_; }

 private:
  friend class Watch;

  // Any number is fair (Poller's rule R5).
  static constexpr size_t kEventsPerTurn = 256;

  Poller& poller_;
  Timers timers_;
  std::vector<Event> events_;
  absl::flat_hash_map<Token, Handler*> handlers_;
  Token next_token_ = 0;
  absl::Duration now_ = SteadyNow();
  uint64_t turns_ = 0;
  uint64_t events_seen_ = 0;
};

// A descriptor's registration with a reactor, for as long as it lives.
class Watch {
 public:
  Watch() = default;
  // Ends it. To be done before the descriptor is closed.
  ~Watch() { Stop(); }
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  // `handler` is called from now on. Errors are those of Poller::Add.
  absl::Status Start(Reactor& reactor, int fd, Interest interest,
                     Reactor::Handler& handler);
  // Costs nothing if the interest is what it was.
  absl::Status Change(Interest interest);
  void Stop();

  bool started() const { return reactor_ != nullptr; }
  Token token() const { return token_; }
  Interest interest() const { return interest_; }

 private:
  Reactor* reactor_ = nullptr;
  Token token_ = 0;
  int fd_ = -1;
  Interest interest_;
};

}  // namespace isopoll::echo

#endif  // ISOPOLL_ECHO_LOOP_REACTOR_H_
