// Exchange: one connection of an echo client, and what it expects to hear.

#ifndef ISOPOLL_ECHO_LOAD_EXCHANGE_H_
#define ISOPOLL_ECHO_LOAD_EXCHANGE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "echo/load/observer.h"
#include "net/socket_address.h"
#include "net/unique_fd.h"
#include "poller/interest.h"

namespace isopoll::echo {

// Connects, sends each message once the one before has come back, says that it
// is finished as soon as the last has gone, and checks every byte that returns.
// Knows no Poller: whoever owns it waits for interest() and then calls Advance.
// Movable; used from one thread at a time.
class Exchange {
 public:
  // Begins to connect to `server`. `messages` and `observer` must outlive the
  // exchange. `number` is the connection's name for the observer.
  static absl::StatusOr<Exchange> Begin(const SocketAddress& server,
                                        absl::Span<const std::string> messages,
                                        int number, ClientObserver& observer);

  int fd() const { return fd_.get(); }

  // What to wait for. Empty if and only if done().
  Interest interest() const;

  // Everything has come back, and the server has closed its side.
  bool done() const { return state_ == State::kDone; }

  uint64_t bytes_echoed() const { return bytes_echoed_; }

  // Does what `ready` allows, receiving into `scratch`, which must not be
  // empty. DataLoss: what came back is not what was sent. Any error ends the
  // exchange.
  absl::Status Advance(Interest ready, absl::Span<char> scratch);

 private:
  enum class State { kConnecting, kTalking, kFinishing, kDone };

  Exchange(UniqueFd fd, absl::Span<const std::string> messages, int number,
           ClientObserver& observer)
      : fd_(std::move(fd)),
        messages_(messages),
        number_(number),
        observer_(&observer) {}

  absl::Status OnConnected();
  absl::Status ReceiveSome(absl::Span<char> scratch);
  absl::Status Check(absl::string_view data);
  absl::Status CheckComplete();
  absl::Status SendSome();
  absl::Status NextMessage();

  absl::string_view message() const { return messages_[index_]; }

  UniqueFd fd_;
  absl::Span<const std::string> messages_;
  int number_;
  ClientObserver* observer_;

  State state_ = State::kConnecting;
  size_t index_ = 0;     // which message
  size_t sent_ = 0;      // how much of it has gone
  size_t received_ = 0;  // how much of it has come back
  uint64_t bytes_echoed_ = 0;
};

}  // namespace isopoll::echo

#endif  // ISOPOLL_ECHO_LOAD_EXCHANGE_H_
