// KernelSet: what a backend is. Everything else a Poller does is PollerOn's.
//
// To add a backend, edit these places, and no others:
//   - poller/backend.h and backend.cc: its name;
//   - poller/NAME/NAME_calls.h: its system calls, one by one, for a test to
//     replace;
//   - poller/NAME/NAME_set.h: a final KernelSet, which makes those calls and
//     does the three things below: registry call, system call, translation;
//   - poller/NAME/NAME_set.cc: the function that makes a PollerOn of it;
//   - poller/core/backends.h: that function; poller/linked_backends.cc: its
//     place among the others, best first;
//   - poller/BUILD: its target, and --//poller:backends=NAME.
// All suites in tests/ run on it from then on. What kernels do otherwise than
// select(2), and how it is met, stands at the head of each NAME_set.h. (kqueue,
// which several kernels have, gets its calls at run time, by kqueue_system.h:
// its set is all in kqueue_set.cc. AFD's calls share handles, and so are an
// object, afd_driver.h.)

#ifndef ISOPOLL_POLLER_CORE_KERNEL_SET_H_
#define ISOPOLL_POLLER_CORE_KERNEL_SET_H_

#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "isopoll/interest.h"
#include "poller/core/deadline.h"
#include "poller/core/harvest.h"
#include "poller/system/descriptor_calls.h"

namespace isopoll {
namespace internal {

// The set of descriptors that one kernel facility watches.
//
// Calls marked (locked) are made with PollerOn's lock held, one at a time. Call
// is made by one thread at a time, without it unless the deadline is immediate.
// Interrupt may be called at any time, by any thread, and by a signal handler.
class KernelSet {
 public:
  // Whether it can look without the lock. If so, it has:
  //   - class Glimpse, for what such a look finds, with bool MayBeCut(int
  //     count): whether one that found `count` may have left some out;
  //   - bool MayGlance() const: whether a look now sees all that is watched;
  //   - int Glance(size_t room, Glimpse*) const: looks for no time, and returns
  //     how many it found, or -1 if the call failed;
  //   - void Take(const Glimpse&, size_t room, int count) (locked): makes that
  //     what Collect is to offer.
  static constexpr bool kGlances = false;

  virtual ~KernelSet() = default;

  // Registry call (locked). Brings what is watched of `fd` from `from` to `to`;
  // the empty interest is "not watched". The number may have been closed, and
  // be another file's by now: it is that file that is watched then, also if
  // `from` and `to` are equal (R12). `generation` names the registration. On
  // error nothing has changed, but for FailedPrecondition, made by NotOpen():
  // of an fd that is not open nothing is watched any more. To stop watching
  // never fails, even if the fd was closed long ago.
  virtual absl::Status Update(int fd, uint32_t generation, Interest from,
                              Interest to) = 0;

  // Whether Update changes what a Call already in the kernel watches. If not,
  // PollerOn interrupts that Call, and Remove waits for its end (R10, R11).
  virtual bool UpdateReachesSleeper() const = 0;

  // (locked) Called before each Call: `room` events can be taken, of
  // `watched` registrations at most.
  virtual void Prepare(size_t room, size_t watched) = 0;

  // System call. Returns when something watched may be ready, at the deadline,
  // after Interrupt, and sooner if it likes, as on EINTR: PollerOn comes again.
  // Must not return over and over for what nobody asked for (R2).
  virtual absl::Status Call(Deadline* deadline) = 0;

  // Whether the last Call, which returned OK, left anything for Collect.
  virtual bool AnyFound() const = 0;

  // Translation (locked). Called once after each Call that returned OK, but
  // for those of which AnyFound() says no, where it need not be; offers what
  // that Call found. An error ends the Wait.
  virtual absl::Status Collect(Harvest* harvest) = 0;

  // Makes the Call in progress, or else the next, return. Need not be
  // remembered any longer than that.
  virtual void Interrupt() = 0;

  // Whether `fd` is a descriptor of this set's own.
  virtual bool Owns(int fd) const = 0;

  // By which PollerOn asks about any descriptor: the calls of the kernel that
  // watches it.
  virtual const DescriptorCalls& descriptor_calls() const = 0;
};

}  // namespace internal
}  // namespace isopoll

#endif  // ISOPOLL_POLLER_CORE_KERNEL_SET_H_
