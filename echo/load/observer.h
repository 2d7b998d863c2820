// What an echo client tells whoever wants to watch it.

#ifndef ISOPOLL_ECHO_LOAD_OBSERVER_H_
#define ISOPOLL_ECHO_LOAD_OBSERVER_H_

#include "absl/strings/string_view.h"
#include "net/socket_address.h"

namespace isopoll::echo {

// All methods are called from the threads that are in Run. Connections are
// numbered from 1 in the order in which they were begun.
class ClientObserver {
 public:
  virtual ~ClientObserver() = default;

  virtual void OnConnected(int /*connection*/, const SocketAddress& /*local*/) {
  }
  // The first byte of `message` is about to go.
  virtual void OnSending(int /*connection*/, absl::string_view /*message*/) {}
  // `data` has come back and is what it should be.
  virtual void OnEchoed(int /*connection*/, absl::string_view /*data*/) {}
  // Everything has come back, and the server has closed its side.
  virtual void OnFinished(int /*connection*/) {}
};

}  // namespace isopoll::echo

#endif  // ISOPOLL_ECHO_LOAD_OBSERVER_H_
