// What an echo server tells anyone who wants to watch it.

#ifndef ISOPOLL_ECHO_SERVICE_OBSERVER_H_
#define ISOPOLL_ECHO_SERVICE_OBSERVER_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "echo/service/counters.h"
#include "isopoll/net/socket_address.h"

namespace isopoll::echo {

// All methods are called from the thread that is in Server::Run, which goes on
// when they return; the default is to do nothing. Servers with one SharedState,
// as those of a ServerGroup, may call at the same time. Connections are
// numbered from 1 in the order of their acceptance; no number is used twice.
class ServerObserver {
 public:
  virtual ~ServerObserver() = default;

  // The server is about to wait; everything that was ready has been served.
  virtual void OnWaiting() {}
  virtual void OnConnection(uint64_t /*connection*/,
                            const SocketAddress& /*peer*/) {}
  // `data` is valid during the call.
  virtual void OnReceived(uint64_t /*connection*/, absl::string_view /*data*/) {
  }
  // The last word on this connection; its socket is still open. `status` is
  // OK for kFinished.
  virtual void OnClosing(uint64_t /*connection*/, Ending /*ending*/,
                         const absl::Status& /*status*/) {}
  // Nobody new is served for a while; those who wait stay in the queue.
  virtual void OnAcceptPaused(const absl::Status& /*because*/) {}
  virtual void OnAcceptResumed() {}
  // There are as many connections as the limit allows; this one is closed.
  virtual void OnRefused(const SocketAddress& /*peer*/) {}
  // `data` is valid during the call. `dropped` says why it is not sent back;
  // empty if it is.
  virtual void OnDatagram(const SocketAddress& /*peer*/,
                          absl::string_view /*data*/,
                          absl::string_view /*dropped*/) {}
};

}  // namespace isopoll::echo

#endif  // ISOPOLL_ECHO_SERVICE_OBSERVER_H_
