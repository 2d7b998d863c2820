// Event: what one Wait says of one descriptor.

#ifndef ISOPOLL_POLLER_EVENT_H_
#define ISOPOLL_POLLER_EVENT_H_

#include <cstddef>
#include <cstdint>
#include <ostream>
#include <string>

#include "isopoll/interest.h"

namespace isopoll {

// A number the caller gives at registration and finds again in each event: an
// index, a pointer, whatever leads to the owner of the descriptor.
using Token = uint64_t;

// What a backend may know beyond readiness. A hint is never a false positive,
// and its absence means nothing unless PollerOptions::exact_hints is set.
enum class Hint : uint8_t {
  // A FIFO's or a terminal's next opener undoes these two.
  kHangup = 1,      // both directions are finished (POLLHUP)
  kReadClosed = 2,  // reading has an end; data may still be unread before it
  kError = 4,       // an error or an error-queue entry is pending (POLLERR)
};

// A value type, written by Poller::Wait into the caller's span.
class Event {
 public:
  Event() = default;
  Event(int fd, Token token, Interest ready)
      : token_(token), fd_(fd), ready_(ready) {}

  int fd() const { return fd_; }
  Token token() const { return token_; }

  // Exactly what select(2) would report of fd, within the registered interest.
  Interest ready() const { return ready_; }
  bool readable() const { return ready_.readable(); }
  bool writable() const { return ready_.writable(); }
  bool priority() const { return ready_.priority(); }

  // Hints: see Hint above. Data may be unread: drain before acting on them.
  bool hangup() const { return Has(Hint::kHangup); }
  bool read_closed() const { return Has(Hint::kReadClosed); }
  bool error() const { return Has(Hint::kError); }

  // The descriptor was closed while registered; the registration is gone and
  // ready() is empty. Only with PollerOptions::check_closed.
  bool closed() const { return closed_; }

  // For those who make events: a Poller, a test.
  void AddHint(Hint hint) { AddHints(static_cast<uint8_t>(hint)); }
  void AddHints(uint8_t bits) { hints_ |= bits; }
  void MarkClosed() { closed_ = true; }

  // "fd 5 token 7 rw hangup read_closed".
  std::string ToString() const;
  friend std::ostream& operator<<(std::ostream& out, const Event& event) {
    return out << event.ToString();
  }

 private:
  bool Has(Hint hint) const {
    return (hints_ & static_cast<uint8_t>(hint)) != 0;
  }

  Token token_ = 0;
  int fd_ = -1;
  Interest ready_;
  uint8_t hints_ = 0;
  bool closed_ = false;
};

// What Poller::Wait came to. Both zero: the time is up.
struct WaitResult {
  size_t count = 0;    // how many events were written, from the span's front
  bool woken = false;  // this Wait consumed a Wakeup
};

}  // namespace isopoll

#endif  // ISOPOLL_POLLER_EVENT_H_
