// Session: a connection of the server, from its acceptance to its end.

#ifndef ISOPOLL_ECHO_SERVICE_SESSION_H_
#define ISOPOLL_ECHO_SERVICE_SESSION_H_

#include <cstdint>
#include <utility>

#include "absl/status/status.h"
#include "echo/loop/connection.h"
#include "echo/loop/reactor.h"
#include "echo/loop/timers.h"
#include "echo/service/counters.h"
#include "echo/service/limits.h"
#include "echo/service/observer.h"
#include "echo/service/pace.h"
#include "echo/service/usage.h"
#include "net/unique_fd.h"

namespace isopoll::echo {

// Used from one thread at a time.
class Session : private Reactor::Handler, private Timer {
 public:
  class Owner {
   public:
    virtual ~Owner() = default;
    // It is over: the owner destroys the session, within this call.
    virtual absl::Status OnEnd(Session& session, Ending ending,
                               const absl::Status& status) = 0;
    // All together are owed too much: the session does not read until Release.
    virtual void OnHeld(Session& session) = 0;
  };

  // What the sessions of a server share; all of it outlives them.
  struct Shared {
    Reactor& reactor;
    const Limits& limits;
    Usage& usage;
    Counters& counters;
    ServerObserver& observer;
    Owner& owner;
  };

  // `number` is the connection's name for the observer.
  Session(const Shared& shared, uint64_t number, UniqueFd fd)
      : shared_(shared),
        number_(number),
        connection_(std::move(fd), shared.limits.buffer_bytes),
        pace_(shared.reactor.now()) {}
  ~Session() override;

  uint64_t number() const { return number_; }

  absl::Status Start();
  // Reads again after OnHeld.
  absl::Status Release();
  // Takes in what has arrived and little more, pays what it owes, and ends. If
  // anything is on its way to the peer it ends only when the peer does: to
  // close before would be a reset if the peer still sends, and lose that.
  absl::Status Drain();

 private:
  enum class Phase { kServing, kPaying, kLingering };

  absl::Status OnReady(Interest ready) override;
  absl::Status OnTimer() override;

  // Goes on after Echo, which gave `status`.
  absl::Status Settle(const absl::Status& status);
  absl::Status Linger();
  // Reads and writes while there is something, within the budget.
  absl::Status Echo(Interest ready);
  absl::Status ReadOnce(size_t* received);
  absl::Status WriteOnce(size_t* sent);
  bool TriesAgain();
  bool OverOwedLimit() const;

  absl::Status End(Ending ending, const absl::Status& status);
  absl::Status UpdateInterest();
  void UpdateTimer();

  const Shared& shared_;
  const uint64_t number_;
  Connection connection_;
  Watch watch_;  // after connection_: it ends before the descriptor is closed
  Pace pace_;
  size_t accounted_ = 0;  // how much of what it is owed `usage` knows of
  bool held_ = false;
  size_t unread_ = 0;      // of what had arrived when it was to end
  bool has_paid_ = false;  // something that may not have got there by then
  Phase phase_ = Phase::kServing;
  bool reads_on_ = true;
  uint8_t turns_ = 0;
};

}  // namespace isopoll::echo

#endif  // ISOPOLL_ECHO_SERVICE_SESSION_H_
