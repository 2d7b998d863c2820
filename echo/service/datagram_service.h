// DatagramService: sends back each datagram to whom it came from.

#ifndef ISOPOLL_ECHO_SERVICE_DATAGRAM_SERVICE_H_
#define ISOPOLL_ECHO_SERVICE_DATAGRAM_SERVICE_H_

#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "echo/loop/reactor.h"
#include "echo/service/counters.h"
#include "echo/service/observer.h"
#include "net/datagram.h"
#include "net/unique_fd.h"

namespace isopoll::echo {

// Nothing is kept: a datagram that cannot go back at once is dropped and
// counted, as RFC 862 over UDP allows. To wait for room would let one
// Unix-domain client that does not read hold up all others.
//
// A datagram from a port below 1024 is not answered: it may be another echo
// service, made to talk to this one for ever by a forged sender.
//
// Used from one thread at a time.
class DatagramService : private Reactor::Handler {
 public:
  // All but `socket`, from BindDatagram, must outlive this object.
  DatagramService(Reactor& reactor, UniqueFd socket, Counters& counters,
                  ServerObserver& observer);

  absl::Status Start();
  void Stop();

 private:
  absl::Status OnReady(Interest ready) override;
  void Answer(const Datagram& datagram);
  // Why the datagram was not sent back; empty if it was.
  absl::string_view TryAnswer(const Datagram& datagram);

  Reactor& reactor_;
  UniqueFd socket_;
  Counters& counters_;
  ServerObserver& observer_;
  const std::unique_ptr<char[]> buffer_;
  Watch watch_;
};

}  // namespace isopoll::echo

#endif  // ISOPOLL_ECHO_SERVICE_DATAGRAM_SERVICE_H_
