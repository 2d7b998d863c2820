// Flow: one connection of a load, whatever the transport.

#ifndef ISOPOLL_ECHO_LOAD_FLOW_H_
#define ISOPOLL_ECHO_LOAD_FLOW_H_

#include <cstddef>
#include <cstdint>
#include <utility>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "echo/load/load_options.h"
#include "echo/load/pacer.h"
#include "echo/load/pattern.h"
#include "echo/loop/reactor.h"
#include "echo/loop/timers.h"
#include "net/endpoint.h"
#include "net/unique_fd.h"

namespace isopoll::echo {

// Connects; when told to go, sends requests as its pacer and the pipeline
// allow, and checks what comes back; when told to finish, awaits the rest. Used
// from one thread at a time.
class Flow : protected Reactor::Handler, protected Timer {
 public:
  class Owner {
   public:
    virtual ~Owner() = default;
    virtual void OnConnected(Flow& flow) = 0;
    // It is over: everything is back, or `error` happened, of which `status`
    // tells. The owner destroys the flow, but not within this call.
    virtual void OnOver(Flow& flow, const absl::Status& status,
                        LoadError error) = 0;
  };

  // What the flows of a load share; all of it outlives them.
  struct Shared {
    Reactor& reactor;
    const LoadOptions& options;
    const Pattern& pattern;
    const Endpoint& server;
    absl::Span<char> scratch;  // for what is received
    LoadReport& report;
    Owner& owner;
  };

  // `number` picks the stream of the pattern, `slot` is the owner's to know it
  // by, `pacer` says when requests are to start.
  Flow(const Shared& shared, uint64_t number, size_t slot, Pacer& pacer)
      : shared_(shared), number_(number), slot_(slot), pacer_(pacer) {}

  uint64_t number() const { return number_; }
  size_t slot() const { return slot_; }
  bool connected() const { return connected_; }
  bool over() const { return over_; }

  virtual void Connect() = 0;
  // Once connected: send, up to `requests` (0: until Finish).
  void Go(uint64_t requests);
  // Starts no further request; it is over when all are back.
  void Finish();
  // It is over now, whatever is still to come back.
  void GiveUp();

 protected:
  const LoadOptions& options() const { return shared_.options; }
  const Shared& shared() const { return shared_; }

  // Whether the next request is to start at `now`, and if so starts it.
  bool TakeStart(absl::Duration now, absl::Duration* start);
  bool waiting() const { return phase_ == Phase::kWaiting; }
  bool issuing() const { return phase_ == Phase::kIssuing; }
  // No further request will start.
  bool done() const { return phase_ == Phase::kDone; }
  void CountAnswer(absl::Duration latency);
  // Sets the timer for what is due first: a request, or the end of patience.
  void SetTimer(bool has_room, absl::Duration patience_until);

  bool Watch(Interest interest);
  void Change(Interest interest);
  void End();
  void Fail(LoadError error, const absl::Status& status);

  // Does what can be done now: sends, then sets interest and timer.
  virtual void Advance() = 0;

  UniqueFd fd_;
  bool connected_ = false;

 private:
  enum class Phase { kWaiting, kIssuing, kDone };

  const Shared& shared_;
  const uint64_t number_;
  const size_t slot_;
  Pacer& pacer_;
  uint64_t left_ = 0;  // requests to start; not counted down if unlimited
  bool limited_ = false;
  Phase phase_ = Phase::kWaiting;
  bool over_ = false;
  isopoll::echo::Watch watch_;
};

}  // namespace isopoll::echo

#endif  // ISOPOLL_ECHO_LOAD_FLOW_H_
