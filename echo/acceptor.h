// Acceptor: takes connections from a listener, and rests while the process
// has no descriptor left for another.

#ifndef ISOPOLL_ECHO_ACCEPTOR_H_
#define ISOPOLL_ECHO_ACCEPTOR_H_

#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "echo/deadline.h"
#include "net/socket.h"
#include "net/unique_fd.h"
#include "poller/poller.h"

namespace isopoll::echo {

// When descriptors run out, a listener stays readable for as long as a client
// waits in its queue, and a loop that goes on watching it would spin. So the
// acceptor then parks its registration. The clients lose nothing: the kernel
// has completed their connections and keeps what they send.
//
// Accepting resumes when the owner says that a descriptor was closed (Resume),
// and by itself after `retry`, because the descriptors may have gone to
// somebody else, who gives no notice. The owner's part in that is to let no
// Wait last longer than patience(), and to call Resume once due().
//
// Used from one thread at a time.
class Acceptor {
 public:
  // `poller` must outlive this object.
  Acceptor(Poller& poller, UniqueFd listener, Token token, absl::Duration retry)
      : poller_(poller),
        listener_(std::move(listener)),
        token_(token),
        retry_(retry) {}

  // Registers the listener, and ends its registration. Call Stop before
  // destruction if Start was called.
  absl::Status Start();
  absl::Status Stop();

  // The next connection, or nothing: none is waiting, or accepting has just
  // been paused, and then paused_because() says why. An error is the
  // listener's end.
  absl::StatusOr<std::optional<Accepted>> Next();

  // Parks the listener. Next does so itself where accept(2) lacks resources;
  // the owner may for a reason of its own.
  absl::Status Pause(absl::Status because);

  // Watches the listener again; does nothing unless paused.
  absl::Status Resume();

  bool paused() const { return !paused_because_.ok(); }
  const absl::Status& paused_because() const { return paused_because_; }

  // Whether accepting is paused and `retry` has passed, and the time until
  // then; infinite unless paused.
  bool due() const { return retry_at_.passed(); }
  absl::Duration patience() const { return retry_at_.remaining(); }

 private:
  Poller& poller_;
  UniqueFd listener_;
  const Token token_;
  const absl::Duration retry_;
  absl::Status paused_because_;
  Deadline retry_at_ = Deadline::Never();
};

}  // namespace isopoll::echo

#endif  // ISOPOLL_ECHO_ACCEPTOR_H_
