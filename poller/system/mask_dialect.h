// MaskDialect: how a kernel call that speaks in one mask of bits, poll(2) or
// epoll(7), says what select(2) says in three sets.

#ifndef ISOPOLL_POLLER_SYSTEM_MASK_DIALECT_H_
#define ISOPOLL_POLLER_SYSTEM_MASK_DIALECT_H_

#include <cstdint>

#include "isopoll/event.h"
#include "isopoll/interest.h"

namespace isopoll {
namespace internal {

// The hints a kernel call gave for nothing, as a set of Hint bits.
using HintBits = uint8_t;

struct MaskDialect {
  // What to ask for.
  uint32_t ask_readable;
  uint32_t ask_writable;
  uint32_t ask_priority;

  // Any of these bits means that select would say so.
  uint32_t readable;
  uint32_t writable;
  uint32_t priority;

  // Any of these bits means that the hint holds.
  uint32_t hangup;
  uint32_t read_closed;
  uint32_t error;

  // A select(2) for exceptions alone may sleep on though a look would find one:
  // Linux announces an error queue with SO_SELECT_ERR_QUEUE as POLLERR
  // (net/core/skbuff.c, sock_queue_err_skb), for which such a select has no ear
  // (fs/select.c, wait_key_set). Then it is to look again now and then.
  bool select_misses_errors = false;

  constexpr uint32_t Ask(Interest interest) const {
    return (interest.readable() ? ask_readable : 0) |
           (interest.writable() ? ask_writable : 0) |
           (interest.priority() ? ask_priority : 0);
  }

  constexpr Interest Readiness(uint32_t mask) const {
    return ((mask & readable) != 0 ? kReadable : kNone) |
           ((mask & writable) != 0 ? kWritable : kNone) |
           ((mask & priority) != 0 ? kPriority : kNone);
  }

  constexpr HintBits Hints(uint32_t mask) const {
    return static_cast<HintBits>(
        ((mask & hangup) != 0 ? static_cast<int>(Hint::kHangup) : 0) |
        ((mask & read_closed) != 0 ? static_cast<int>(Hint::kReadClosed) : 0) |
        ((mask & error) != 0 ? static_cast<int>(Hint::kError) : 0));
  }
};

// That of this system's poll(2): one of poll_dialects.h.
extern const MaskDialect kPollDialect;

}  // namespace internal
}  // namespace isopoll

#endif  // ISOPOLL_POLLER_SYSTEM_MASK_DIALECT_H_
