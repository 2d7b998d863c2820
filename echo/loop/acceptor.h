// Acceptor: takes connections from a listener, and rests while the process
// has no descriptor left for another.

#ifndef ISOPOLL_ECHO_LOOP_ACCEPTOR_H_
#define ISOPOLL_ECHO_LOOP_ACCEPTOR_H_

#include <utility>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "echo/loop/reactor.h"
#include "echo/loop/timers.h"
#include "isopoll/net/socket.h"
#include "isopoll/net/unique_fd.h"

namespace isopoll::echo {

// When descriptors run out, a listener stays readable for as long as a client
// waits in its queue, and a loop that goes on watching it would spin. So the
// acceptor then parks its registration. The clients lose nothing: the kernel
// has completed their connections and keeps what they send.
//
// Accepting resumes when the owner says that a descriptor was closed (Resume),
// and by itself after `retry`, because the descriptors may have gone to
// somebody else, who gives no notice.
//
// Used from one thread at a time.
class Acceptor : private Reactor::Handler, private Timer {
 public:
  class Owner {
   public:
    virtual ~Owner() = default;
    // ResourceExhausted pauses the acceptor; another error ends the loop.
    virtual absl::Status OnAccepted(Accepted accepted) = 0;
    // It has paused. Told once, however many retries fail.
    virtual void OnPaused(const absl::Status& /*because*/) {}
    // The first look at the queue that did not end in another pause.
    virtual void OnResumed() {}
  };

  // `reactor` and `owner` must outlive this object.
  Acceptor(Reactor& reactor, Owner& owner, UniqueFd listener,
           absl::Duration retry)
      : reactor_(reactor),
        owner_(owner),
        listener_(std::move(listener)),
        retry_(retry) {}

  // Registers the listener.
  absl::Status Start();

  // Accepts all who wait in the queue: to close the listener resets them.
  absl::Status AcceptRest() { return AcceptUpTo(kMostInQueue); }

  // Watches the listener again; does nothing unless paused.
  absl::Status Resume();

 private:
  // As many as Linux keeps (somaxconn): clients may come and come.
  static constexpr int kMostInQueue = 4096;

  absl::Status OnReady(Interest ready) override;
  absl::Status OnTimer() override { return Resume(); }
  absl::Status AcceptUpTo(int most);
  absl::Status Pause(const absl::Status& because);

  Reactor& reactor_;
  Owner& owner_;
  UniqueFd listener_;
  Watch watch_;
  const absl::Duration retry_;
  bool paused_ = false;
  bool told_ = false;
};

}  // namespace isopoll::echo

#endif  // ISOPOLL_ECHO_LOOP_ACCEPTOR_H_
