// Session: a connection of the server, from its acceptance to its end.

#ifndef ISOPOLL_ECHO_SERVICE_SESSION_H_
#define ISOPOLL_ECHO_SERVICE_SESSION_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "echo/loop/connection.h"
#include "echo/loop/reactor.h"
#include "echo/loop/timers.h"
#include "echo/service/context.h"
#include "echo/service/counters.h"
#include "isopoll/net/unique_fd.h"

namespace isopoll::echo {

inline absl::Status StoppedError() {
  return absl::CancelledError("the server was stopped");
}

// Used from one thread at a time.
class Session : private Reactor::Handler, private Timer {
 public:
  class Owner {
   public:
    virtual ~Owner() = default;
    // It is over: the owner destroys the session, within this call.
    virtual absl::Status OnEnd(Session& session, Ending ending,
                               const absl::Status& status) = 0;
  };

  // `context` and `owner` must outlive this object. `number` is the
  // connection's name for the observer.
  Session(const ServerContext& context, Owner& owner, uint64_t number,
          UniqueFd fd)
      : context_(context),
        owner_(owner),
        number_(number),
        connection_(std::move(fd), context.options.buffer_bytes) {}

  uint64_t number() const { return number_; }

  absl::Status Start();
  // Takes in what has arrived and little more, sends what is pending, and ends.
  // If anything is on its way to the peer it ends only when the peer does: to
  // close before would be a reset if the peer still sends, and lose that.
  absl::Status Drain();

 private:
  enum class Phase : uint8_t { kServing, kDraining, kLingering };

  absl::Status OnReady(Interest ready) override;
  absl::Status OnTimer() override;

  // Reads once and writes once, so that everybody has a turn soon.
  absl::Status Echo(Interest ready);
  absl::Status Read();
  absl::Status Write();
  // How many bytes more may be sent back.
  size_t Allowance() const;
  // Goes on after Echo, which gave `status`.
  absl::Status Settle(const absl::Status& status);
  absl::Status Linger();

  bool delayed() const { return send_at_ != absl::InfiniteDuration(); }
  void SetTimer(absl::Duration look_at);
  void OnProgress();
  absl::Status CheckProgress();
  absl::Status End(Ending ending, const absl::Status& status) {
    return owner_.OnEnd(*this, ending, status);
  }
  absl::Status UpdateInterest();

  const ServerContext& context_;
  Owner& owner_;
  const uint64_t number_;
  Connection connection_;
  Watch watch_;  // after connection_: it ends before the descriptor is closed
  absl::Duration send_at_ = absl::InfiniteDuration();  // not before, if delayed
  absl::Duration progress_at_;
  std::optional<size_t> unsent_;  // what the kernel had, if seen since then
  uint64_t sent_ = 0;
  size_t unread_ = 0;       // of what had arrived when it was to end
  bool in_flight_ = false;  // something may not have got to the peer by then
  Phase phase_ = Phase::kServing;
};

}  // namespace isopoll::echo

#endif  // ISOPOLL_ECHO_SERVICE_SESSION_H_
